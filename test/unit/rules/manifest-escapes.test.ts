import { describe, expect, it } from 'vitest';
import {
  expectRejected,
  expectSilent,
  inspected,
  type Inspected,
} from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';

describe('manifest-unsafe-name', () => {
  const RULE = 'manifest-unsafe-name';

  it('rejects a dependency that climbs', () => {
    const verdict = inspected(tgz({ manifest: { dependencies: { '../../evil': '1.0.0' } } }));
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/package.json', entryIndex: 0, offset: 0 },
    ]);
  });

  it('rejects a dependency instead of .bin', () => {
    const verdict = inspected(tgz({ manifest: { optionalDependencies: { '.bin': '1.0.0' } } }));
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/package.json', entryIndex: 0, offset: 0 },
    ]);
  });

  it('rejects a dependency inside another', () => {
    const verdict = inspected(tgz({ manifest: { dependencies: { 'lodash/fp': '1.0.0' } } }));
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/package.json', entryIndex: 0, offset: 0 },
    ]);
  });

  it('rejects a bundled name that climbs', () => {
    const verdict = inspected(tgz({ manifest: { bundleDependencies: ['../../evil'] } }));
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/package.json', entryIndex: 0, offset: 0 },
    ]);
  });

  it('rejects backslash, drive and control characters', () => {
    const verdict = inspected(
      tgz({ manifest: { dependencies: { 'a\\b': '1', 'C:x': '1', 'a\nb': '1' } } }),
    );
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/package.json', entryIndex: 0, offset: 0 },
      { level: 'error', entry: 'package/package.json', entryIndex: 0, offset: 0 },
      { level: 'error', entry: 'package/package.json', entryIndex: 0, offset: 0 },
    ]);
  });

  it.each([
    ['a name that Windows shortens', { dependencies: { 'lodash.': '1.0.0' } }],
    ['node_modules as a name', { dependencies: { '@scope/node_modules': '1.0.0' } }],
    ['a development dependency that climbs', { devDependencies: { '../evil': '1.0.0' } }],
  ])('rejects %s', (_, manifest) => {
    const verdict = inspected(tgz({ manifest }));
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/package.json', entryIndex: 0, offset: 0 },
    ]);
  });

  it('rejects a version that climbs', () => {
    const verdict = inspected(tgz({ version: '1.0.0/../../x' }), { expected: {} });
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/package.json', entryIndex: 0, offset: 0 },
    ]);
  });

  it('is silent about scoped and old-style names', () => {
    const verdict = inspected(
      tgz({
        manifest: {
          dependencies: { '@scope/a.b': '1', JSONStream: '1', 'a_b~c': '1' },
          peerDependencies: { react: '*' },
        },
      }),
    );
    expectSilent(verdict, RULE);
  });

  it('is silent about odd development dependencies, which nobody installs', () => {
    const verdict = inspected(
      tgz({ manifest: { devDependencies: { 'git://example.invalid/x': '*' } } }),
    );
    expectSilent(verdict, RULE);
  });

  it('is silent about a prerelease version', () => {
    expectSilent(inspected(tgz({ version: '1.0.0-rc.1' }), { expected: {} }), RULE);
  });
});

describe('bin-escapes', () => {
  const RULE = 'bin-escapes';

  it.each([
    ['a target outside the package', { tool: '../../../evil.sh' }],
    ['an absolute target', { tool: '/bin/sh' }],
    ['a climb by backslashes', { tool: '..\\..\\evil.js' }],
    ['a name that leaves .bin', { '../../evil': 'index.js' }],
    ['a single target outside', '../evil.js'],
    ['a target in a list', ['../evil.js']],
  ])('rejects %s', (_, bin) => {
    const verdict = inspected(tgz({ manifest: { bin } }));
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/package.json', entryIndex: 0, offset: 0 },
    ]);
  });

  it.each([
    ['targets with and without `./`', { a: './index.js', b: 'index.js' }],
    ['a way through a folder and back', { a: 'lib/../index.js' }],
    ['a scoped command', { '@scope/a': 'index.js' }],
  ])('is silent about %s', (_, bin) => {
    expectSilent(inspected(tgz({ manifest: { bin } })), RULE);
  });
});

describe('man-escapes', () => {
  const RULE = 'man-escapes';

  it.each([
    ['a manual page outside the package', ['../../../evil.1']],
    ['a single one', '../evil.1'],
  ])('rejects %s', (_, man) => {
    const verdict = inspected(tgz({ manifest: { man } }));
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/package.json', entryIndex: 0, offset: 0 },
    ]);
  });

  it('is silent about a page in the package', () => {
    expectSilent(inspected(tgz({ manifest: { man: './man/fixture.1' } })), RULE);
  });
});

describe('shrinkwrap-escapes', () => {
  const RULE = 'shrinkwrap-escapes';

  function withLock(lock: unknown, file = 'npm-shrinkwrap.json'): Inspected {
    const text = typeof lock === 'string' ? lock : JSON.stringify(lock);
    return inspected(tgz({ files: { [file]: text } }));
  }

  const withPackages = (packages: object): Inspected => withLock({ lockfileVersion: 3, packages });
  const withDependencies = (dependencies: object): Inspected =>
    withLock({ lockfileVersion: 1, dependencies });

  it.each([
    ['a place beside the package', { '../other': { version: '1.0.0' } }],
    ['a place that climbs out on the way', { 'node_modules/../../x': {} }],
    ['a place with backslashes', { 'node_modules\\..\\..\\x': {} }],
    ['an absolute place', { '/etc/x': {} }],
    ['a place on a drive', { 'C:x': {} }],
    ['the place of the package itself', { 'node_modules/..': {} }],
    ['a link that leaves', { 'node_modules/x': { link: true, resolved: '../../..' } }],
    ['an absolute link', { 'node_modules/x': { link: true, resolved: '/etc' } }],
    ['a link to the package itself', { 'node_modules/x': { link: true, resolved: '' } }],
    ['a link without a target', { 'node_modules/x': { link: true } }],
    ['a file source outside', { 'node_modules/x': { resolved: 'file:../../x.tgz' } }],
    ['an absolute file source', { 'node_modules/x': { resolved: 'FILE:///etc/x' } }],
  ])('rejects %s', (_, packages) => {
    const verdict = withPackages(packages);
    expectRejected(verdict, RULE, [{ level: 'error', entry: 'package/npm-shrinkwrap.json' }]);
  });

  it.each([
    ['a name that climbs', { '../../x': { version: '1.0.0' } }],
    ['a file source below', { a: { dependencies: { b: { version: 'file:../../b' } } } }],
    ['a resolved file', { a: { version: '1.0.0', resolved: 'file:/b.tgz' } }],
  ])('rejects %s in a lockfile of version 1', (_, dependencies) => {
    expect(withDependencies(dependencies).of(RULE)).toHaveLength(1);
  });

  it('rejects one that is nested too deep to be read', () => {
    let dependencies: object = {};
    for (let depth = 0; depth < 102; depth++) dependencies = { a: { dependencies } };
    expect(withDependencies(dependencies).of(RULE)).toMatchObject([
      { message: expect.stringContaining('nested deeper') as string },
    ]);
  });

  it('rejects one that is too long to be read', () => {
    const verdict = withLock(' '.repeat(4 * 1024 * 1024 + 1));
    expect(verdict.of(RULE)).toMatchObject([
      { message: expect.stringContaining('4194305 bytes') as string },
    ]);
  });

  it('rejects one with too many values to be read, and takes one with as many as were ever seen', () => {
    const packages = (places: number): object =>
      Object.fromEntries(
        Array.from({ length: places }, (_, at) => [`node_modules/${at}`, { bin: [1, 2, 3] }]),
      );
    expect(withPackages(packages(20_000)).of(RULE)).toMatchObject([
      { message: expect.stringContaining('more than 100000 values') as string },
    ]);
    expect(withPackages(packages(10_000)).of(RULE)).toEqual([]);
  });

  it('rejects one whose name differs in case, and one behind a mark of UTF-8', () => {
    const lock = { packages: { '../x': {} } };
    expect(withLock(lock, 'NPM-Shrinkwrap.json').of(RULE)).toHaveLength(1);
    expect(withLock(`\ufeff${JSON.stringify(lock)}`).of(RULE)).toHaveLength(1);
  });

  it('rejects one with a merge conflict, of which npm makes what it likes', () => {
    const sides = '<<<<<<< a\n{"packages":{}}\n=======\n{"packages":{"../x":{}}}\n>>>>>>> b\n';
    expect(withLock(sides).of(RULE)).toHaveLength(1);
  });

  it('is silent about what npm writes', () => {
    const packages = {
      '': { name: 'fixture', dependencies: { x: '1.0.0' } },
      'node_modules/x': { version: '1.0.0', resolved: 'https://registry.example/x.tgz' },
      'node_modules/x/node_modules/@y/z': { version: '1.0.0' },
      'packages/own': { name: 'own', version: '1.0.0' },
      'node_modules/own': { link: true, resolved: 'packages/own' },
      'node_modules/kept': { resolved: 'file:vendor/kept.tgz' },
    };
    const dependencies = {
      x: { version: '1.0.0', dependencies: { y: { version: 'file:lib/y' } } },
    };
    const verdict = withLock({ lockfileVersion: 2, packages, dependencies });
    expect(verdict.findings).toEqual([]);
  });

  it.each(['', 'no JSON', '[]', '{"packages": 1, "dependencies": []}'])(
    'is silent about %j, which npm ignores',
    (text) => {
      expect(withLock(text).of(RULE)).toEqual([]);
    },
  );

  it('is silent about a lockfile in a folder of the package', () => {
    expect(withLock({ packages: { '../x': {} } }, 'test/npm-shrinkwrap.json').of(RULE)).toEqual([]);
  });
});

describe('directories-escape', () => {
  const RULE = 'directories-escape';

  it.each([
    ['commands from outside the package', { bin: '../../..' }],
    ['manual pages from outside', { man: 'lib/../../x' }],
  ])('rejects %s', (_, directories) => {
    const verdict = inspected(tgz({ manifest: { directories } }));
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/package.json', entryIndex: 0, offset: 0 },
    ]);
  });

  it('is silent about folders in the package', () => {
    const verdict = inspected(
      tgz({ manifest: { directories: { bin: './bin', lib: 'lib', test: 'test/../spec' } } }),
    );
    expectSilent(verdict, RULE);
  });
});
