import { describe, expect, it } from 'vitest';
import {
  fileProblems,
  isToBeFilledIn,
  manifestProblems,
} from '../../../scripts/release/contents.mjs';

const MANIFEST = {
  name: 'a',
  version: '1.2.3',
  description: 'a',
  license: 'MIT',
  engines: { node: '>=20.19' },
  repository: { type: 'git', url: 'git+https://git.example/a.git' },
  homepage: 'https://git.example/a#readme',
  publishConfig: { access: 'public', provenance: true },
};

describe('a manifest', () => {
  it('is fit to be published', () => {
    expect(manifestProblems(MANIFEST)).toEqual([]);
  });

  it.each([
    [{ repository: undefined }, 'no "repository"'],
    [{ license: '' }, 'no "license"'],
    [{ private: true }, 'has "private"'],
    [{ devDependencies: {} }, 'has "devDependencies"'],
    [{ publishConfig: { access: 'public' } }, 'can be published without provenance'],
    [{ dependencies: { b: 'workspace:*' } }, 'depends on what is only in the workspace'],
    [{ dependencies: { b: 'file:../b' } }, 'depends on what is only in the workspace'],
  ])('with %j is not', (change, problem) => {
    expect(manifestProblems({ ...MANIFEST, ...change })).toEqual([problem]);
  });
});

it('an address under .invalid is one that the owner has to fill in', () => {
  expect(isToBeFilledIn('https://owner.invalid/tarwarden')).toBe(true);
  expect(isToBeFilledIn('https://git.example/invalid')).toBe(false);
});

describe('the files of a package', () => {
  const files = { 'README.md': '', LICENSE: '', 'package.json': '', 'dist/a.js': 'work()' };
  const problems = (more: Record<string, string>): string[] =>
    fileProblems(new Map(Object.entries({ ...files, ...more })), '/home/somebody/checkout');

  it('are fit to be published', () => {
    expect(problems({})).toEqual([]);
  });

  it('are complete, are for users, and name no folder of the machine', () => {
    expect(fileProblems(new Map([['README.md', '']]), '/home')).toEqual([
      'no LICENSE',
      'no package.json',
    ]);
    expect(problems({ 'dist/x.tsbuildinfo': '' })).toEqual(['dist/x.tsbuildinfo is not for users']);
    expect(problems({ 'src/a.ts': '' })).toEqual(['src/a.ts is not for users']);
    expect(problems({ 'dist/b.js': '"/home/somebody/checkout/x"' })).toEqual([
      'dist/b.js names a folder of this machine',
    ]);
  });
});
