import { describe, expect, it } from 'vitest';
import {
  depthOf,
  isRecord,
  parseManifest,
  unsafeName,
  unsafePackageName,
  unsafePath,
} from '../../../packages/core/src/metadata/manifest.ts';

describe('parseManifest', () => {
  const parsed = (text: string | Uint8Array) => parseManifest(Buffer.from(text as string));

  it('reads an object', () => {
    expect(parsed('{"name":"a","version":"1.0.0","x":1}')).toStrictEqual({
      ok: true,
      text: '{"name":"a","version":"1.0.0","x":1}',
      json: { name: 'a', version: '1.0.0', x: 1 },
      name: 'a',
      version: '1.0.0',
    });
    expect(parsed('{"name":1,"version":null}')).toStrictEqual({
      ok: true,
      text: '{"name":1,"version":null}',
      json: { name: 1, version: null },
    });
  });

  it('skips one byte order mark', () => {
    const text = '{"name":"a"}';
    expect(parsed(`\ufeff${text}`)).toMatchObject({ ok: true, text, name: 'a' });
    expect(parsed('\ufeff\ufeff{}')).toEqual({ ok: false, problem: 'it is not valid JSON' });
    // The same first bytes, and not a mark.
    expect(parsed('\ufec0{}')).toMatchObject({ ok: false });
    expect(parsed('\uf83f{}')).toMatchObject({ ok: false });
    expect(parsed('\uebbf{}')).toMatchObject({ ok: false });
    expect(parsed('\u1eff{}')).toMatchObject({ ok: false });
  });

  it.each([
    ['', 'it is empty'],
    [Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d), 'it is not valid UTF-8'],
    ['{', 'it is not valid JSON'],
    ['\ufeff', 'it is not valid JSON'],
    ['[]', 'it is not a JSON object'],
    ['null', 'it is not a JSON object'],
    ['"{}"', 'it is not a JSON object'],
  ])('says what is wrong with %j', (text, problem) => {
    expect(parsed(text)).toEqual({ ok: false, problem });
  });
});

it('a record is an object that is no list', () => {
  expect([{}, { a: 1 }].every(isRecord)).toBe(true);
  expect([null, undefined, [], 'x', 7, () => undefined].some(isRecord)).toBe(false);
});

const both: readonly [string, string | undefined][] = [
  ['a', undefined],
  ['a-b.c', undefined],
  ['@s/a', undefined],
  ['', 'it is empty'],
  ['a\nb', 'it holds a control character'],
  ['a\u0000', 'it holds a control character'],
  ['a\u001f', 'it holds a control character'],
  ['a\u007f', 'it holds a control character'],
  ['a b', undefined],
  ['a\\b', 'it holds a backslash'],
  ['/a', 'it is absolute'],
  ['C:a', 'it starts with a drive letter'],
  ['z:a', 'it starts with a drive letter'],
  ['aC:a', undefined],
  ['..', 'it holds a `.` or `..` component'],
  ['@s/..', 'it holds a `.` or `..` component'],
  ['a/./b', 'it holds a `.` or `..` component'],
  ['a..b', undefined],
  ['A_b', undefined],
];

it.each(both)('the name %j: %s', (name, problem) => {
  expect(unsafeName(name)).toBe(problem);
  expect(unsafePackageName(name)).toBe(problem);
});

it.each([
  ['a/b', 'it is a path into another folder'],
  ['@s/a/b', 'it is a path into another folder'],
  ['a/@s', 'it is a path into another folder'],
  ['@s/', 'it is a path into another folder'],
  ['a//b', 'it is a path into another folder'],
  ['.bin', 'it starts with a dot'],
  ['@s/.bin', 'it starts with a dot'],
  ['a.', 'it ends in a dot or a space'],
  ['a ', 'it ends in a dot or a space'],
  ['@s./a', 'it ends in a dot or a space'],
  ['node_modules', 'it is a folder of the manager'],
  ['Node_Modules', 'it is a folder of the manager'],
  ['@s/node_modules', 'it is a folder of the manager'],
  ['node_modules_', undefined],
  ['@S/A_b', undefined],
  ['a. b', undefined],
  ['@s/a b.c', undefined],
])('the name of a package %j: %s', (name, problem) => {
  expect(unsafePackageName(name)).toBe(problem);
  expect(unsafeName(name)).toBeUndefined();
});

it.each([
  ['lib/a.js', undefined],
  ['./a', undefined],
  ['/a', undefined],
  ['', undefined],
  ['a/../b', undefined],
  ['a/..', undefined],
  ['a/./../b', undefined],
  ['a//../b', undefined],
  ['a..b/...', undefined],
  ['aC:x', undefined],
  ['a\0b', 'it holds a NUL'],
  ['C:a', 'it starts with a drive letter'],
  ['z:\\a', 'it starts with a drive letter'],
  ['..', 'it leaves the package'],
  ['a/../..', 'it leaves the package'],
  ['a/../../a', 'it leaves the package'],
  ['./..', 'it leaves the package'],
  ['//../a', 'it leaves the package'],
  ['a\\..\\..\\b', 'it leaves the package'],
])('the path %j: %s', (path, problem) => {
  expect(unsafePath(path)).toBe(problem);
});

describe('depthOf', () => {
  it.each([
    ['', 0],
    ['.', 0],
    ['..', -1],
    ['a', 1],
    ['ab', 1],
    ['...', 1],
    ['..a', 1],
    ['a..', 1],
    ['a/...', 2],
    ['ab/cd/e', 3],
    ['./a', 1],
    ['/a', 1],
    ['a//b/', 2],
    ['a/.', 1],
    ['a/..', 0],
    ['a/../b', 1],
    ['a/../..', -1],
    ['a/../../b/c', -1],
    ['../a/b', -1],
    ['a\\..\\..\\b', -1],
    ['a\\b/c', 3],
  ])('of %j is %d', (path, depth) => expect(depthOf(path)).toBe(depth));
});
