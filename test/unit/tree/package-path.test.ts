import { describe, expect, it } from 'vitest';
import { Trait } from '../../../packages/core/src/containers/entry.ts';
import {
  foldedComponents,
  foldedKey,
  packagePath,
  settledPath,
} from '../../../packages/core/src/tree/package-path.ts';
import { contentsOf } from '../../support/contents.ts';
import { entry } from '../../support/tar.ts';

describe('packagePath', () => {
  const of = (name: string, typeflag = '0') => {
    const [one] = contentsOf([entry({ name, typeflag })]).entries;
    return packagePath(one!, typeflag === '5');
  };
  it.each([
    ['package/a', 'package', 'a'],
    ['package/lib/a', 'package', 'lib/a'],
    ['a', '', 'a'],
    ['./a', '', 'a'],
    ['./package/a', 'package', 'a'],
    ['package/./lib//a', 'package', 'lib/a'],
    ['/package/a', 'package', 'a'],
    ['package//a', 'package', 'a'],
    ['package/..', 'package', '..'],
  ])('of the file %s', (name, top, key) => expect(of(name)).toEqual({ top, key }));

  it.each([
    ['package/', 'package', ''],
    ['./package/', 'package', ''],
    ['package/lib/', 'package', 'lib/'],
    ['package/./lib/', 'package', 'lib'],
    ['./', '', ''],
  ])('of the folder %s', (name, top, key) => {
    const { top: first, key: rest } = of(name, '5');
    expect([first, rest.replace(/\/$/, '')]).toEqual([top, key.replace(/\/$/, '')]);
  });
});

describe('settledPath', () => {
  it.each([
    ['a/b', 'a/b'],
    ['./a//b/', 'a/b'],
    ['/a', 'a'],
    ['a\\b', 'a/b'],
    ['x/../a', 'a'],
    ['x\\..\\a', 'a'],
    ['../a', 'a'],
    ['a/..', ''],
    ['.', ''],
    ['...', '...'],
  ])('of %j is %j', (path, settled) => expect(settledPath(path)).toBe(settled));
});

describe('the key of a name', () => {
  const key = (name: string): string => foldedKey(name, Trait.NonAscii);

  it.each([
    ['Lib/A', 'lib/a'],
    ['caf\u00e9', 'cafe\u0301'],
    ['\u212a', 'k'],
    ['\ufb01', 'fi'],
    ['a\u200db', 'ab'],
    ['a\u00adb', 'ab'],
    ['a\ufe0f', 'a'],
    ['\ufeffa', 'a'],
    ['a\u034fb', 'ab'],
  ])('is one for %j and %j', (one, other) => expect(key(one)).toBe(key(other)));

  it.each([
    ['a', 'b'],
    ['a/b', 'a\u2100b'],
    ['a/b', 'a\uff0fb'],
    ['a/b', 'ab'],
    ['ab', 'a b'],
  ])('is another for %j and %j', (one, other) => expect(key(one)).not.toBe(key(other)));

  it('is the name itself where nothing folds', () => {
    expect(foldedKey('lib/a.js', 0)).toBe('lib/a.js');
    expect(foldedKey('Lib/A.js', Trait.UpperCase)).toBe('lib/a.js');
    expect(foldedKey('Lib/\u00c9', Trait.UpperCase | Trait.NonAscii)).toBe(key('lib/\u00e9'));
  });

  it('is made of components, empty ones and dots left out', () => {
    expect(foldedComponents('./Lib//a/.git/..')).toEqual(['lib', 'a', '.git', '..']);
  });
});

describe('packagePath of a format that strips nothing', () => {
  const of = (name: string, typeflag = '0') => {
    const [one] = contentsOf([entry({ name, typeflag })]).entries;
    return packagePath(one!, typeflag === '5', 'whole');
  };
  it.each([
    ['a', 'a'],
    ['lib/a', 'lib/a'],
    ['./lib//a', 'lib/a'],
    ['/lib/a', 'lib/a'],
    ['../a', '../a'],
  ])('of the file %s', (name, key) => expect(of(name)).toEqual({ top: '', key }));
});
