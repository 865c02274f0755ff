/** Short names of Windows, as its documentation and NTFS make them. */
import { describe, expect, it } from 'vitest';
import {
  isShortNameOf,
  shortNameKeys,
  shortNameKeysOf,
} from '../../../packages/core/src/tree/file-set.ts';

describe('the keys of a short name', () => {
  it.each([
    ['git~1', ['git~6.']],
    ['gitmod~1', ['gitmod~6.']],
    ['gitmo~12', ['gitmo~5.']],
    ['g~123456', ['g~1.']],
    ['packag~1.jso', ['packag~6.jso']],
    ['a~1.b', ['a~6.b']],
    // One or two letters and four hexadecimal digits, read in both ways.
    ['gi7eba~1', ['gi7eba~6.', 'gi~hash.']],
    ['g7eba~1.js', ['g7eba~6.js', 'g~hash.js']],
    ['abcdef~1', ['abcdef~6.', 'ab~hash.']],
  ])('%s', (name, keys) => expect(shortNameKeys(name)).toEqual(keys));

  it.each([
    'git',
    'git~',
    '~1',
    'git~a',
    'git~1~2',
    'gitmodu~1',
    'gitmod~12',
    'g~1234567',
    'g.it~1',
    'git~1.',
    'git~1.json',
    'git~1.a.b',
    'git~1.~',
    '',
  ])('none of %j', (name) => expect(shortNameKeys(name)).toEqual([]));

  it.each(['7eba~1', 'ag7ebg~1', 'g7ebg~1', 'gi7ebx~1', 'a0123x~1'])('no hash in %s', (name) =>
    expect(shortNameKeys(name)).toEqual([`${name.slice(0, -2)}~6.`]),
  );
});

describe('the keys of a long name', () => {
  const keys = (stem: string, extension: string): string[] => [
    ...[1, 2, 3, 4, 5, 6].map((room) => `${stem.slice(0, room)}~${room}.${extension}`),
    `${stem.slice(0, 2)}~hash.${extension}`,
    `${stem.slice(0, 1)}~hash.${extension}`,
  ];
  it.each([
    ['.git', 'git', ''],
    ['.gitmodules', 'gitmodules', ''],
    ['node_modules', 'node_modules', ''],
    ['package.json', 'package', 'jso'],
    ['..  .git', 'git', ''],
    ['a b.txt', 'ab', 'txt'],
    ['a.b.target', 'ab', 'tar'],
    ['a+b,c;d=e[f]g.x', 'a_b_c_d_e_f_g', 'x'],
    ['index.html', 'index', 'htm'],
    ['exactly9s', 'exactly9s', ''],
    ['a.j+s', 'a', 'j_s'],
    ['trailing.', 'trailing', ''],
    ['longer-name.a b c d', 'longer-name', 'abc'],
  ])('%s', (name, stem, extension) => expect(shortNameKeysOf(name)).toEqual(keys(stem, extension)));

  it.each(['readme.md', 'exactly8.txt', 'a', 'a.b', 'lib', 'a~1', '12345678', 'a.js'])(
    'none of %s, which is short itself',
    (name) => expect(shortNameKeysOf(name)).toEqual([]),
  );
});

describe('a short name of a trusted one', () => {
  it.each([
    ['git~1', '.git'],
    ['git~123', '.git'],
    ['gi7eba~1', '.gitmodules'],
    ['gitmod~1', '.gitmodules'],
    ['node_m~2', 'node_modules'],
    ['no1234~1', 'node_modules'],
    ['packag~1.jso', 'package.json'],
  ])('%s may be of %s', (name, long) => {
    // Twice: keys of the trusted name are kept.
    expect([isShortNameOf(name, long), isShortNameOf(name, long)]).toEqual([true, true]);
  });

  it.each([
    ['git', '.git'],
    ['gix~1', '.git'],
    ['git~1.x', '.git'],
    ['gitm~1', '.gitmodules'],
    ['packag~1', 'package.json'],
    ['packag~1.js', 'package.json'],
    ['lib~1', 'lib'],
    ['git~x', '.git'],
  ])('%s is not of %s', (name, long) => expect(isShortNameOf(name, long)).toBe(false));
});
