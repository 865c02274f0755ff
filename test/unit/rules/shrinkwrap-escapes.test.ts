import { describe, expect, it } from 'vitest';
import { expectRejected, inspected, type Inspected } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';

const RULE = 'shrinkwrap-escapes';

function withLock(lock: unknown, file = 'npm-shrinkwrap.json'): Inspected {
  const text = typeof lock === 'string' ? lock : JSON.stringify(lock);
  return inspected(tgz({ files: { [file]: text } }));
}

const withPackages = (packages: object): Inspected => withLock({ lockfileVersion: 3, packages });
const withDependencies = (dependencies: object): Inspected =>
  withLock({ lockfileVersion: 1, dependencies });

describe('shrinkwrap-escapes', () => {
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
