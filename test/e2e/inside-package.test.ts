/** Files inside a package that a manager would obey in a project: settings, hooks, other manifests. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { available, npms, pnpms } from '../support/managers.ts';
import { payload } from '../support/payload.ts';
import { tgz } from '../support/pkg.ts';
import type { Registry } from '../support/registry.ts';
import * as npmBench from './npm/guarded.ts';
import * as pnpmBench from './pnpm/guarded.ts';
import { makeWorld } from './yarn/world.ts';

const CARRIER = 'tarwarden-carrier';
const WANTED = 'tarwarden-wanted';

/** A package in order, each file of which would run code that leaves a mark, or add a dependency. */
function publish(registry: Registry, mark: string): void {
  const code = `require('node:fs').writeFileSync(${JSON.stringify(mark)}, '')`;
  const more = `dependencies:\n  ${WANTED}: 1.0.0\n`;
  const files = {
    '.npm-extension.cjs': `${code}\nexports.transformManifest = (one) => one\n`,
    '.npmrc':
      'registry=http://127.0.0.1:9/\nnode-options=--require ./code.cjs\nscript-shell=./code.cjs\n',
    '.pnpmfile.cjs': code,
    '.yarnrc.yml': 'yarnPath: ./code.cjs\nplugins: ["./code.cjs"]\n',
    'code.cjs': `#!/usr/bin/env node\n${code}\n`,
    'package.json5': `{name: '${CARRIER}', version: '1.0.0', dependencies: {'${WANTED}': '1.0.0'}}`,
    'package.yaml': `name: ${CARRIER}\nversion: 1.0.0\n${more}`,
    'pnpm-workspace.yaml': `overrides:\n  ${CARRIER}: npm:${WANTED}@1.0.0\npnpmfile: ./code.cjs\n`,
  };
  registry.publish({ name: CARRIER, tgz: tgz({ name: CARRIER, files }) });
  registry.publish({ name: WANTED, tgz: payload(WANTED) });
}

function expectIgnored(code: number | null, registry: Registry, mark: string): void {
  expect(code).toBe(0);
  expect(existsSync(mark)).toBe(false);
  expect(registry.downloads().filter((path) => path.includes(CARRIER))).not.toEqual([]);
  expect(registry.downloads().filter((path) => path.includes(WANTED))).toEqual([]);
}

describe('settings that a package brings are not obeyed', () => {
  test.each(npms.filter((name) => available(name).ok))('by %s', async (npm) => {
    const bench = await npmBench.makeBench(npm);
    const mark = join(bench.marks, 'carrier');
    publish(bench.registry, mark);
    const { code } = await npmBench.guarded(bench, ['install', CARRIER]);
    expectIgnored(code, bench.registry, mark);
    await npmBench.closeBench(bench);
  });

  test.each(pnpms.filter((name) => available(name).ok))('by %s', async (name) => {
    const bench = await pnpmBench.makeBench(name);
    const mark = join(bench.sandbox.root, 'mark');
    publish(bench.registry, mark);
    pnpmBench.declare(bench, { dependencies: { [CARRIER]: '1.0.0' } });
    const { code } = await pnpmBench.pnpm(bench, pnpmBench.FRESH);
    expectIgnored(code, bench.registry, mark);
    await pnpmBench.closeBench(bench);
  });

  test.each((['yarn-3', 'yarn-4'] as const).filter((name) => available(name).ok))(
    'by %s',
    async (yarn) => {
      const world = await makeWorld({ yarn, linker: 'node-modules' });
      const mark = join(world.sandbox.root, 'mark');
      publish(world.registry, mark);
      world.dependencies({ [CARRIER]: '1.0.0' });
      const { code } = await world.run('install');
      expectIgnored(code, world.registry, mark);
      await world.dispose();
    },
  );
});
