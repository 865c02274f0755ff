import { mkdirSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { workspaceFolders } from '../../../../packages/guard/src/project/workspace-members.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { putFile } from '../../../support/put-file.ts';

let root: string;

freshFolder((made) => {
  root = made;
  const manifests = [
    'a/package.json',
    'packages/b/package.yaml',
    'packages/b/deep/c/package.json5',
    'packages/b/node_modules/d/package.json',
    'packages/.hidden/package.json',
    'elsewhere/package.json',
  ];
  for (const path of [...manifests, 'packages/none/readme']) {
    putFile(join(root, path), '');
  }
  symlinkSync('../elsewhere', join(root, 'packages/linked'));
  symlinkSync('..', join(root, 'packages/again'));
});

const MANIFESTS = ['package.json', 'package.json5', 'package.yaml'];
const found = (patterns: readonly string[], manifests = MANIFESTS): string[] =>
  workspaceFolders(root, patterns, manifests)
    .map((folder) => relative(root, folder))
    .toSorted();

test.each([
  [['a'], ['a']],
  [['./packages/*'], ['packages/b', 'packages/linked']],
  [['packages/**'], ['packages/b', 'packages/b/deep/c', 'packages/linked']],
  [['packages/b*/?eep/c'], ['packages/b/deep/c']],
  [
    ['{a,elsewhere}', '!a'],
    ['a', 'elsewhere'],
  ],
  [
    ['packages/{b,none}/**', '*'],
    ['a', 'elsewhere', 'packages/b', 'packages/b/deep/c'],
  ],
  [['packages/../a', '../a'], ['a']],
  [['packages/b/node_modules/d'], ['packages/b/node_modules/d']],
  [['missing/*', 'packages/none', ''], []],
])('%j may name %j', (patterns, folders) => {
  expect(found(patterns)).toEqual(folders);
});

test.each([
  [['packages/[b]']],
  [['packages/@(b)']],
  [['packages/{b}']],
  [['packages/{b,deep/c}']],
  [['packages/b*/../b']],
  [['packages\\b']],
  [[' packages/b']],
  [['packages/!(a)/**']],
])('the patterns %j are taken for all folders that they can mean', (patterns) => {
  expect(found(patterns)).toEqual(
    expect.arrayContaining(['packages/.hidden', 'packages/b', 'packages/b/deep/c']),
  );
  expect(found(patterns)).not.toContain('packages/b/node_modules/d');
});

test('packages are those with a package.json where nothing else is said', () => {
  expect(
    workspaceFolders(root, ['**'])
      .map((folder) => relative(root, folder))
      .toSorted(),
  ).toEqual(['a', 'elsewhere', 'packages/linked']);
});

test.each([
  ['packages/*b*b*b*b*b*b*b*b*b*b*b*b*b*b*b*b*b*b*b*b'],
  ['{a,b}'.repeat(40)],
  ['{a'.repeat(1000)],
  ['**/'.repeat(2000)],
  [`${'**/*/'.repeat(500)}x`],
])('a pattern does not keep it busy: %.40s', (pattern) => {
  const long = 'b'.repeat(255);
  mkdirSync(join(root, 'packages', long));
  const folders = found([pattern, 'a']);
  expect(folders).toContain('a');
});
