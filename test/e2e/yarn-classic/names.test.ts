/** Names that are joined to paths: by themselves, Yarn 1 installs to wherever they lead. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { freshEach } from '../../support/fresh-each.ts';
import { tgz } from '../../support/pkg.ts';
import { tree } from '../../support/sandbox.ts';
import {
  cleanTarball,
  closeBench,
  forgetModules,
  guarded,
  lockfileOf,
  makeBench,
  must,
  PROJECT,
  publish,
  scriptsRun,
  SUBJECT,
  unguarded,
} from './guarded.ts';

const bench = freshEach(() => makeBench(), closeBench);
beforeEach(() => publish(bench, cleanTarball(bench)));

const CLIMBING = '@s/../../../escaped';
const alias = `npm:${SUBJECT}@1.0.0`;
const escaped = (): boolean => existsSync(join(bench.sandbox.root, 'escaped'));

/** What names a package so, and by what command it is installed. */
const places: readonly (readonly [string, () => Promise<readonly string[]> | readonly string[]])[] =
  [
    [
      'a registry, of a dependency of a dependency',
      () => {
        const manifest = { dependencies: { [CLIMBING]: alias } };
        bench.registry.publish({ name: 'top', manifest, tgz: tgz({ name: 'top' }) });
        return ['add', 'top'];
      },
    ],
    [
      'package.json of the project',
      () => {
        bench.sandbox.write({
          'package.json': { ...PROJECT, dependencies: { [CLIMBING]: alias } },
        });
        return ['install'];
      },
    ],
    [
      'package.json of the project, of a link',
      () => {
        bench.sandbox.write({
          'package.json': { ...PROJECT, dependencies: { [CLIMBING]: 'link:./local' } },
          'local/package.json': { name: 'local', version: '1.0.0' },
        });
        return ['install'];
      },
    ],
  ];

describe.each(places)('%s', (_who, prepare) => {
  test('gets nothing outside of node_modules', async () => {
    const args = await prepare();
    const before = tree(bench.sandbox.project);
    const result = await guarded(bench, args);
    expect(result).toMatchObject({ code: 1 });
    expect(result.stderr).toContain('that is not a name: it holds a `.` or `..` component');
    expect(escaped()).toBe(false);
    expect(tree(bench.sandbox.project)).toEqual(before);
    expect(scriptsRun(bench)).toEqual([]);
  });

  test('does so by Yarn alone', async () => {
    await must(unguarded(bench, await prepare()));
    expect(readdirSync(bench.sandbox.root)).toContain('escaped');
  });
});

test.each([['../../../../escaped'], ['1.0.0/../../../../escaped']])(
  'a lockfile that gives the version %s is refused, by Yarn itself',
  async (version) => {
    await must(unguarded(bench, ['add', SUBJECT]));
    forgetModules(bench);
    const lockfile = lockfileOf(bench)!.replaceAll('version "1.0.0"', `version "${version}"`);
    bench.sandbox.write({ 'yarn.lock': lockfile });
    const result = await guarded(bench, ['install', '--frozen-lockfile']);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain('invalid package version');
    expect(escaped()).toBe(false);
  },
);
