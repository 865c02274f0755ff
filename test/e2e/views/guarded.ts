/** Which archives the built guards refuse, many in one project. */
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { SENTINEL } from '../../support/attacks.ts';
import { repository, run, type ManagerName, type Result } from '../../support/managers.ts';
import { startRegistry } from '../../support/registry.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';
import { nameOf, type Sample } from './observe.ts';

type Guard = (sandbox: Sandbox) => Promise<Result>;

const built = (path: string): string => join(repository, 'packages', path);
const TIMEOUT = 180_000;

const npm =
  (name: ManagerName): Guard =>
  (sandbox) =>
    run(name, ['install', '--ignore-scripts', '--no-audit'], {
      sandbox,
      timeout: TIMEOUT,
      env: { NODE_OPTIONS: `--require ${built('npm-wrapper/dist/preload.cjs')}` },
    });

const pnpm =
  (name: ManagerName): Guard =>
  (sandbox) => {
    const hook = JSON.stringify(built('pnpm-hook/dist/index.cjs'));
    sandbox.write({ '.pnpmfile.cjs': `module.exports = require(${hook})\n` });
    return run(name, ['install', '--ignore-scripts'], { sandbox, timeout: TIMEOUT });
  };

const yarn: Guard = (sandbox) => {
  const folder = join(sandbox.project, '.yarn/plugins');
  mkdirSync(folder, { recursive: true });
  const plugin = 'plugin-tarwarden.cjs';
  copyFileSync(built(`yarn-plugin/dist/${plugin}`), join(folder, plugin));
  sandbox.write({
    'yarn.lock': '',
    '.yarnrc.yml': `nodeLinker: node-modules\nplugins: ["./.yarn/plugins/${plugin}"]\ntarwardenRequired: true\n`,
  });
  return run('yarn-4', ['install', '--mode=skip-build'], { sandbox, timeout: TIMEOUT });
};

export type Guarded = 'refused' | 'failed' | 'passed';

/** The newest manager of each guard: the matrix tests show that the older ones are stopped alike. */
export const GUARDED: Partial<Record<ManagerName, Guard>> = {
  'npm-12': npm('npm-12'),
  'pnpm-12': pnpm('pnpm-12'),
  'yarn-4': yarn,
};

/**
 * Installs the samples under the guard until nothing is refused any more, each round without those that were. For each
 * sample: the guard named it in a refusal of an install that failed, the install failed without naming it, or it passed.
 */
export async function refusedBy(
  manager: ManagerName,
  samples: readonly Sample[],
): Promise<Map<string, Guarded>> {
  const guard = GUARDED[manager];
  if (guard === undefined) throw new RangeError(`${manager} has no guard`);
  const registry = await startRegistry();
  const sandbox = makeSandbox({ registry: registry.url });
  sandbox.npmrc('fetch-retries=0');
  const refused = new Map<string, Guarded>(samples.map(({ id }) => [id, 'passed']));
  try {
    for (const sample of samples) {
      const name = nameOf(sample);
      registry.publish({ name, tgz: sample.build({ name, target: SENTINEL }) });
    }
    const pending = [[...samples]];
    for (let batch = pending.pop(); batch !== undefined; batch = pending.pop()) {
      if (batch.length === 0) continue;
      rmSync(sandbox.project, { recursive: true, force: true });
      const names = Object.fromEntries(batch.map((one) => [nameOf(one), '1.0.0']));
      // A refused optional one fails the install as well, after the others were looked at.
      sandbox.write({
        'package.json': { name: 'project', version: '1.0.0', optionalDependencies: names },
      });
      const result = await guard(sandbox);
      if (result.code === 0) {
        // npm skips an optional dependency that it cannot read itself.
        for (const one of batch)
          if (!existsSync(join(sandbox.project, 'node_modules', nameOf(one))))
            refused.set(one.id, 'failed');
        continue;
      }
      const named = new Set(
        [...`${result.stdout}\n${result.stderr}`.matchAll(/refused (tw-[a-z0-9-]+)/g)].map(
          ([, name]) => name,
        ),
      );
      const stopped = batch.filter((one) => named.has(nameOf(one)));
      for (const one of stopped) refused.set(one.id, 'refused');
      if (stopped.length > 0) pending.push(batch.filter((one) => !stopped.includes(one)));
      else if (batch.length > 1)
        pending.push(batch.slice(batch.length / 2), batch.slice(0, batch.length / 2));
      else for (const one of batch) refused.set(one.id, 'failed');
    }
    sandbox.assertSentinelUntouched();
    return refused;
  } finally {
    await registry.close();
    sandbox.dispose();
  }
}
