/** Files that a build script made, which pnpm keeps in its store: no archive contains them, so they are not installed. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { available, pnpms } from '../../support/managers.ts';
import { tgz } from '../../support/pkg.ts';
import { closeBench, FROZEN, type Bench } from './guarded.ts';
import { makeWrapped, plain, wrapped } from './wrapped.ts';

describe.each(pnpms.filter((name) => available(name).ok))('%s', (name) => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await makeWrapped(name);
  });
  afterAll(() => closeBench(bench));

  test('links nothing that a build script made, and runs the script again', async () => {
    const { registry, sandbox } = bench;
    const runs = join(sandbox.root, 'runs');
    const manifest = { scripts: { postinstall: `echo made > made.txt; echo run >> ${runs}` } };
    registry.publish({
      name: 'built',
      tgz: tgz({ name: 'built', manifest }),
      manifest: { ...manifest, hasInstallScript: true },
    });
    sandbox.write({
      'package.json': {
        name: 'building',
        private: true,
        dependencies: { built: '1.0.0' },
        pnpm: { onlyBuiltDependencies: ['built'] },
      },
      'pnpm-workspace.yaml': 'packages: []\nallowBuilds:\n  built: true\n',
    });
    const installed = join(sandbox.project, 'node_modules');
    const made = (): string => readFileSync(join(installed, 'built/made.txt'), 'utf8');
    const count = (): number => readFileSync(runs, 'utf8').split('\n').length - 1;
    expect(await plain(bench, ['install'])).toMatchObject({ code: 0 });
    rmSync(installed, { recursive: true });
    expect(await plain(bench, [...FROZEN])).toMatchObject({ code: 0 });
    expect([made(), count()]).toEqual(['made\n', 1]);
    rmSync(installed, { recursive: true });
    expect(await wrapped(bench, [...FROZEN])).toMatchObject({ code: 0 });
    expect([made(), count()]).toEqual(['made\n', 2]);
  });
});
