import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { linkOut, projectRoot } from '../../../packages/bun-wrapper/src/project-folders.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tarwarden-folders-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function files(all: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

describe('projectRoot', () => {
  it('is the workspace of the nearest package, its folder, or the folder itself', () => {
    files({ 'w/package.json': '{"workspaces":["a"]}', 'w/a/package.json': '{}', 'w/a/b/x': '' });
    expect(projectRoot(join(root, 'w/a/b'))).toBe(join(root, 'w'));
    files({ 'p/package.json': '{}', 'p/q/x': '' });
    expect(projectRoot(join(root, 'p/q'))).toBe(join(root, 'p'));
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
    expect(projectRoot(join(root, 'a/b'))).toBe(isOne ? root : join(root, 'a/b'));
  });

  it.each([['{'], ['[]'], ['["workspaces"]'], ['['.repeat(100_000)]])(
    'is not guessed where a package.json cannot be read: %.20s',
    (text) => {
      files({ 'package.json': text, 'a/package.json': '{}' });
      expect(() => projectRoot(join(root, 'a'))).toThrow(/package\.json cannot be read/);
    },
  );
});

describe('linkOut', () => {
  const link = (path: string): void => {
    mkdirSync(join(root, 'outside'), { recursive: true });
    mkdirSync(dirname(join(root, path)), { recursive: true });
    symlinkSync(join(root, 'outside'), join(root, path));
  };

  it.each([['["a/*"]'], ['["other"]']])(
    'looks at the package itself and at its workspaces, below %s',
    (workspaces) => {
      files({ 'w/package.json': `{ "workspaces": ${workspaces} }`, 'w/a/b/package.json': '{}' });
      expect(linkOut(join(root, 'w/a/b'))).toBeUndefined();
      link('w/a/b/node_modules');
      expect(linkOut(join(root, 'w/a/b'))?.problem).toContain('leads out of the project');
    },
  );

  it('reads a package.json with comments', () => {
    files({
      'w/package.json': '{ /* one */ "workspaces": ["a"], // two\n }',
      'w/a/package.json': '{}',
    });
    link('w/a/node_modules');
    expect(linkOut(join(root, 'w'))?.name).toBe('a/node_modules');
  });

  it('takes all of a key that is there twice', () => {
    files({
      'w/package.json': '{ "workspaces": ["a"], "workspaces": ["b"] }',
      'w/a/package.json': '{}',
    });
    link('w/a/node_modules');
    expect(linkOut(join(root, 'w'))?.name).toBe('a/node_modules');
  });
});
