/** `pnpm deploy` of one project of a workspace: its lockfile lists the other projects, also those that it does not need. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { coreAttacks } from '../../support/attacks.ts';
import { available, pnpmsByHook } from '../../support/managers.ts';
import {
  cleanTarball,
  forget,
  FRESH,
  pnpm,
  publish,
  SUBJECT,
  unguarded,
  useBench,
} from './guarded.ts';

const hostile = coreAttacks.find(({ id }) => id === 'symlink')!.build({ name: SUBJECT });

describe.each(pnpmsByHook.filter((name) => available(name).ok))('%s', (name) => {
  const bench = useBench(name);
  beforeEach(() => {
    bench.sandbox.write({
      'package.json': { name: 'root', version: '1.0.0', private: true },
      'pnpm-workspace.yaml': 'packages: [packages/*]\n',
      'packages/app/package.json': {
        name: 'app',
        version: '1.0.0',
        dependencies: { lib: 'workspace:*', [SUBJECT]: '1.0.0' },
      },
      'packages/lib/package.json': { name: 'lib', version: '1.0.0' },
    });
  });

  const deploy = ['--filter', 'app', 'deploy', '--prod', '--legacy'];

  test.each(['deployed', '../deployed'])('takes %s', async (target) => {
    publish(bench, cleanTarball());
    expect(await pnpm(bench, FRESH)).toMatchObject({ code: 0 });
    expect(await pnpm(bench, [...deploy, target])).toMatchObject({ code: 0 });
    for (const dependency of ['lib', SUBJECT])
      expect(
        existsSync(join(bench.sandbox.project, target, 'node_modules', dependency, 'package.json')),
      ).toBe(true);
  });

  test('takes a deployment by the lockfile of the workspace', async () => {
    publish(bench, cleanTarball());
    bench.sandbox.write({
      'pnpm-workspace.yaml': 'packages: [packages/*]\ninjectWorkspacePackages: true\n',
    });
    expect(await pnpm(bench, FRESH)).toMatchObject({ code: 0 });
    for (const target of ['deployed', '../deployed']) {
      // oxlint-disable-next-line no-await-in-loop
      const result = await pnpm(bench, ['--filter', 'app', 'deploy', '--prod', target]);
      expect(result).toMatchObject({ code: 0 });
      for (const dependency of ['lib', SUBJECT])
        expect(existsSync(join(bench.sandbox.project, target, 'node_modules', dependency))).toBe(
          true,
        );
    }
  });

  test('refuses what is hostile', async () => {
    publish(bench, hostile);
    await unguarded(bench, FRESH);
    forget(bench, 'verdicts');
    expect((await pnpm(bench, [...deploy, 'deployed'])).code).not.toBe(0);
    expect(existsSync(join(bench.sandbox.project, 'deployed/node_modules', SUBJECT))).toBe(false);
  });
});
