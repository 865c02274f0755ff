import { join } from 'node:path';
import { bunRoot } from '@tarwarden/clients/settings';
import { describe, expect, it } from 'vitest';
import { freshFolder } from '../../../../support/fresh-folder.ts';
import { putFiles } from '../../../../support/put-file.ts';

let root: string;
freshFolder((made) => (root = made));

const files = (all: Readonly<Record<string, string>>): void => putFiles(root, all);

describe('bunRoot', () => {
  it('is the workspace of the nearest package, its folder, or the folder itself', () => {
    files({ 'w/package.json': '{"workspaces":["a"]}', 'w/a/package.json': '{}', 'w/a/b/x': '' });
    expect(bunRoot(join(root, 'w/a/b'))).toBe(join(root, 'w'));
    files({ 'p/package.json': '{}', 'p/q/x': '' });
    expect(bunRoot(join(root, 'p/q'))).toBe(join(root, 'p'));
  });

  it.each([
    ['["a/b"]', true],
    ['["./a/b/"]', true],
    ['["a/*"]', true],
    ['["**"]', true],
    ['["{a,c}/*"]', true],
    ['{ "packages": ["a/b"] }', true],
    ['["*"]', false],
    ['["a/c"]', false],
    ['["a/*", "!a/b"]', false],
    ['["a/*", "!**/b/test"]', true],
    ['[]', false],
    ['[1, null]', false],
  ])('with the workspaces %s, a/b is one of them: %s', (workspaces, isOne) => {
    files({
      'package.json': `{ // a comment\n "workspaces": ${workspaces}, }`,
      'a/b/package.json': '{}',
    });
    expect(bunRoot(join(root, 'a/b'))).toBe(isOne ? root : join(root, 'a/b'));
  });

  it.each([['{'], ['[]'], ['["workspaces"]'], ['['.repeat(100_000)]])(
    'is not guessed where a package.json cannot be read: %.20s',
    (text) => {
      files({ 'package.json': text, 'a/package.json': '{}' });
      expect(() => bunRoot(join(root, 'a'))).toThrow(/package\.json cannot be read/);
    },
  );
});
