import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { envFor } from '../../test/support/managers.ts';
import { startRegistry } from '../../test/support/registry.ts';
import { makeSandbox, type Sandbox } from '../../test/support/sandbox.ts';
import { built } from '../built.ts';
import { contest, wallRows, type Contender } from '../contest.ts';
import { measure, type Reading } from '../measure.ts';
import type { Context } from '../part.ts';
import type { Row } from '../result.ts';

const PACKAGES = 60;
/** One in so many has a script. */
const SCRIPTED = 10;
const NPM = 'npm-11';

/** The same npm under the guard, by itself and confined: a script that does nothing, and an install in two phases. */
export async function confine({ rounds }: Context): Promise<Row[]> {
  const registry = await startRegistry();
  const names = Array.from({ length: PACKAGES }, (_, at) => `small${at}`);
  for (const [at, name] of names.entries())
    registry.publish({
      name,
      ...(at % SCRIPTED === 0 && { manifest: { scripts: { postinstall: 'true' } } }),
    });
  const sandbox = makeSandbox({
    registry: registry.url,
    project: {
      'package.json': {
        name: 'project',
        version: '1.0.0',
        scripts: { nothing: 'true' },
        dependencies: Object.fromEntries(names.map((name) => [name, '1.0.0'])),
      },
    },
  });
  try {
    return [
      ...(await compared('npm run', ['run', 'nothing'], { sandbox, rounds })),
      ...(await compared(`npm install, ${PACKAGES} packages`, ['install'], { sandbox, rounds })),
    ];
  } finally {
    sandbox.dispose();
    await registry.close();
  }
}

async function compared(
  group: string,
  args: readonly string[],
  { sandbox, rounds }: { readonly sandbox: Sandbox; readonly rounds: number },
): Promise<Row[]> {
  const run = async (options: readonly string[]): Promise<Reading> => {
    rmSync(join(sandbox.project, 'node_modules'), { recursive: true, force: true });
    return measure({
      argv: [process.execPath, built('cli/bin/tarwarden.js'), 'npm', ...options, ...args],
      cwd: sandbox.project,
      env: envFor(NPM, { sandbox }),
    });
  };
  const contenders: readonly Contender[] = [
    { name: 'guarded', run: async () => run([]) },
    { name: 'guarded and confined', over: 'guarded', run: async () => run(['--confine']) },
  ];
  return wallRows(group, contenders, await contest(contenders, rounds));
}
