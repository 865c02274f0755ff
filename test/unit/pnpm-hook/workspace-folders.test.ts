import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { workspaceFolders } from '../../../packages/pnpm-hook/src/workspace-folders.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tarwarden-workspace-'));
  const manifests = [
    'a/package.json',
    'packages/b/package.yaml',
    'packages/b/deep/c/package.json5',
    'packages/b/node_modules/d/package.json',
    'elsewhere/package.json',
  ];
  for (const path of [...manifests, 'packages/none/readme']) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), '');
  }
  symlinkSync('../elsewhere', join(root, 'packages/linked'));
  symlinkSync('..', join(root, 'packages/again'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test.each([
  [['a'], ['a']],
  [['./packages/*'], ['packages/b', 'packages/linked']],
  [['packages/**'], ['packages/b', 'packages/b/deep/c', 'packages/linked']],
  [['packages/b*/?eep/c'], ['packages/b/deep/c']],
  [
    ['{a,packages/b}', '!a'],
    ['a', 'elsewhere', 'packages/b', 'packages/b/deep/c', 'packages/linked'],
  ],
  [['missing/*', 'packages/none'], []],
])('%j may name %j', (patterns, folders) => {
  const found = workspaceFolders(root, patterns).map((folder) => relative(root, folder));
  expect(found.toSorted()).toEqual(folders);
});
