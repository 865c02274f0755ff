/** What a lockfile inside a package says of places outside it. */
import { describe, expect, it } from 'vitest';
import {
  isShrinkwrap,
  parseShrinkwrap,
  placesOutside,
} from '../../../packages/core/src/metadata/shrinkwrap.ts';

describe('isShrinkwrap', () => {
  it.each(['npm-shrinkwrap.json', 'NPM-Shrinkwrap.JSON', 'npm-shrin\u212awrap.json'])(
    'is %s',
    (key) => expect(isShrinkwrap(key)).toBe(true),
  );
  it.each([
    '',
    'npm-shrinkwrap.jso',
    'npm-shrinkwrap.jsonx',
    'lib/npm-shrinkwrap.json',
    'package-lock.json',
    'npm-shrinkwrap_json',
  ])('is not %j', (key) => expect(isShrinkwrap(key)).toBe(false));
});

describe('parseShrinkwrap', () => {
  const parsed = (text: string | Uint8Array): unknown =>
    parseShrinkwrap(Buffer.from(text as string));
  it('reads JSON, a byte order mark and bytes that are not UTF-8 as npm does', () => {
    expect(parsed('{"a":[1]}')).toEqual({ a: [1] });
    expect(parsed('\ufeff{"a":1}')).toEqual({ a: 1 });
    expect(parsed(Uint8Array.of(0x22, 0xff, 0x22))).toBe('\ufffd');
    expect(parsed('"a\ufeff"')).toBe('a\ufeff');
  });
  it.each(['', '{', '\ufeff\ufeff{}', 'null x'])('knows nothing of %j', (text) =>
    expect(parsed(text)).toBeUndefined(),
  );
});

describe('placesOutside of packages', () => {
  const of = (packages: Record<string, unknown>): readonly string[] => placesOutside({ packages });

  it.each([
    ['../x', 'the place "../x": it leaves the package'],
    ['node_modules/../../x', 'the place "node_modules/../../x": it leaves the package'],
    ['node_modules\\..\\..\\x', 'the place "node_modules\\\\..\\\\..\\\\x": it leaves the package'],
    ['/x', 'the place "/x": it is absolute'],
    ['\\x', 'the place "\\\\x": it is absolute'],
    ['~/x', 'the place "~/x": it is absolute'],
    ['C:x', 'the place "C:x": it starts with a drive letter'],
    ['a\0', 'the place "a\\x00": it holds a NUL'],
    ['.', 'the place ".": it is the package itself'],
    ['node_modules/..', 'the place "node_modules/..": it is the package itself'],
  ])('%j', (location, said) => expect(of({ [location]: {} })).toEqual([said]));

  it.each(['', 'node_modules/a', 'node_modules/@s/a/node_modules/b', 'a/../b', 'x~/y', '...'])(
    'has nothing to say of %j',
    (location) =>
      expect(of({ [location]: { version: '1.0.0', resolved: 'https://x.test/../../a' } })).toEqual(
        [],
      ),
  );

  const at = 'node_modules/a';
  it('tells links that lead out, have no target, or lead to the package', () => {
    expect(of({ [at]: { link: true, resolved: '../b' } })).toEqual([
      `the link "${at}" to "../b": it leaves the package`,
    ]);
    expect(of({ [at]: { link: true } })).toEqual([`the link "${at}" has no target`]);
    expect(of({ [at]: { link: true, resolved: 7 } })).toEqual([`the link "${at}" has no target`]);
    expect(of({ [at]: { link: true, resolved: '' } })).toEqual([
      `the link "${at}" to "": it is the package itself`,
    ]);
    expect(of({ [at]: { link: true, resolved: 'lib/b' } })).toEqual([]);
    // Only the value true makes one.
    expect(of({ [at]: { link: 'true', resolved: '../b' } })).toEqual([]);
  });

  it('tells sources in folders outside', () => {
    const said = `the source of "${at}", "../b.tgz": it leaves the package`;
    expect(of({ [at]: { resolved: 'file:../b.tgz' } })).toEqual([said]);
    expect(of({ [at]: { resolved: 'FILE:../b.tgz' } })).toEqual([said]);
    expect(of({ [at]: { resolved: 'file:b.tgz' } })).toEqual([]);
    expect(of({ [at]: { resolved: 'profile:../../../b.tgz' } })).toEqual([]);
    expect(of({ [at]: { resolved: ['file:../b.tgz'] } })).toEqual([]);
  });

  it('tells both of a place and of what lies there', () => {
    expect(of({ '../x': { link: true, resolved: '/y' } })).toEqual([
      'the place "../x": it leaves the package',
      'the link "../x" to "/y": it is absolute',
    ]);
    // The package's own entry has no place to be wrong.
    expect(of({ '': { resolved: 'file:/x' } })).toEqual(['the source of "", "/x": it is absolute']);
    expect(of({ '../x': null, '../y': 'text' })).toHaveLength(2);
  });

  it('tells twenty at most, in the order of the file', () => {
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`../${index}`, {}]));
    const found = placesOutside({ packages: many, dependencies: { '../late': {} } });
    expect(found).toHaveLength(20);
    expect(found.at(-1)).toBe('the place "../19": it leaves the package');
    const nineteen = Object.fromEntries(Object.entries(many).slice(0, 19));
    const both = { '../y': { link: true } };
    expect(of({ ...nineteen, ...both }).at(-1)).toBe('the place "../y": it leaves the package');
    expect(of({ ...nineteen, ...both })).toHaveLength(20);
    expect(placesOutside({ packages: nineteen, dependencies: { '../late': {} } }).at(-1)).toBe(
      'the name "../late": it leaves the package',
    );
  });
});

describe('placesOutside of a first version', () => {
  const of = (dependencies: unknown): readonly string[] => placesOutside({ dependencies });

  it.each<[string, unknown, string[]]>([
    ['a name that climbs', { '../x': {} }, ['the name "../x": it leaves the package']],
    ['a name of nothing', { '': {} }, ['the name "": it is the package itself']],
    [
      'a version',
      { a: { version: 'file:../b' } },
      ['the source of "a", "../b": it leaves the package'],
    ],
    ['a source', { a: { resolved: 'file:/b' } }, ['the source of "a", "/b": it is absolute']],
    [
      'what is below another',
      { a: { dependencies: { '@s/b': { dependencies: { '../c': 'text' } } } } },
      ['the name "../c": it leaves the package'],
    ],
    [
      'names that have nothing',
      { a: null, b: 7, '../c': null },
      ['the name "../c": it leaves the package'],
    ],
    ['plain ones', { a: { version: '1.0.0', requires: { '../x': '1' } }, '@s/b': {} }, []],
    ['no object', ['../x'], []],
  ])('%s', (_title, dependencies, said) => expect(of(dependencies)).toEqual(said));

  const nested = (levels: number): unknown => {
    let inner: unknown;
    for (let level = 0; level < levels; level += 1) inner = { a: { dependencies: inner } };
    return inner;
  };
  it('a hundred names below each other, and no more', () => {
    expect(of(nested(100))).toEqual([]);
    expect(of(nested(101))).toEqual(['its dependencies are nested deeper than 100']);
  });

  it.each([undefined, null, 7, 'text', [], [{ packages: { '../x': {} } }], {}])(
    'nothing in %j',
    (lock) => expect(placesOutside(lock)).toEqual([]),
  );
});
