/** Packages that name a folder beside them, which npm does not take from there. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { available, newestNpms } from '../../support/managers.ts';
import { tgz } from '../../support/pkg.ts';
import { closeBench, guarded, makeBench, SUBJECT, type Bench } from './guarded.ts';

const DEPENDENCY = 'tarwarden-below';
const ALLOW = ['--allow-directory=all', '--allow-file=all'];

let bench: Bench;
afterEach(() => closeBench(bench));

describe.each(newestNpms.filter((name) => available(name).ok))('%s installs', (npm) => {
  beforeEach(async () => {
    bench = await makeBench(npm);
    const { sandbox, marks } = bench;
    const scripts = { postinstall: `touch ${join(marks, 'mine')}` };
    const mine = { name: DEPENDENCY, version: '1.0.0', scripts };
    sandbox.write({ 'mine/package.json': mine }, sandbox.home);
    sandbox.write({ 'package.json': { name: 'project', version: '1.0.0' } });
  });

  const installed = (name: string): string =>
    join(bench.sandbox.project, 'node_modules', name, 'package.json');

  test.each<[string, unknown]>([
    ['by name', [DEPENDENCY]],
    ['as all that it depends on', true],
  ])('a package that bundles what lies beside it, %s', async (_, bundleDependencies) => {
    const manifest = { dependencies: { [DEPENDENCY]: 'file:../below' }, bundleDependencies };
    const inner = JSON.stringify({ name: DEPENDENCY, version: '1.0.0' });
    const files = { [`node_modules/${DEPENDENCY}/package.json`]: inner };
    const archive = tgz({ name: SUBJECT, manifest, files });
    bench.registry.publish({ name: SUBJECT, manifest, tgz: archive });
    expect(await guarded(bench, ['install', ...ALLOW, SUBJECT])).toMatchObject({ code: 0 });
    const below = join('node_modules', SUBJECT, 'node_modules', DEPENDENCY);
    expect(existsSync(join(bench.sandbox.project, below))).toBe(true);
    for (const args of [['install'], ['ci']])
      // oxlint-disable-next-line no-await-in-loop
      expect(await guarded(bench, [...args, ...ALLOW])).toMatchObject({ code: 0 });
  });

  test('a package that works with a folder beside it and does not need it', async () => {
    const manifest = {
      peerDependencies: { [DEPENDENCY]: `file:${bench.sandbox.home}/mine` },
      peerDependenciesMeta: { [DEPENDENCY]: { optional: true } },
    };
    bench.registry.publish({ name: SUBJECT, manifest });
    expect(await guarded(bench, ['install', ...ALLOW, SUBJECT])).toMatchObject({ code: 0 });
    expect(existsSync(installed(SUBJECT))).toBe(true);
    expect(existsSync(installed(DEPENDENCY))).toBe(false);
  });

  test('nothing for what a package says to bundle and does not', async () => {
    const manifest = {
      dependencies: { [DEPENDENCY]: `file:${bench.sandbox.home}/mine` },
      bundleDependencies: [DEPENDENCY],
    };
    bench.registry.publish({ name: SUBJECT, manifest });
    expect(await guarded(bench, ['install', ...ALLOW, SUBJECT])).toMatchObject({ code: 0 });
    expect(existsSync(installed(SUBJECT))).toBe(true);
    for (const place of [DEPENDENCY, `${SUBJECT}/node_modules/${DEPENDENCY}`])
      expect(existsSync(installed(place))).toBe(false);
    expect(existsSync(join(bench.marks, 'mine'))).toBe(false);
  });
});
