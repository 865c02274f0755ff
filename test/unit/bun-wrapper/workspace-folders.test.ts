import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { workspaceFolders } from '../../../packages/bun-wrapper/src/workspace-folders.ts';

describe('workspaceFolders', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'tarwarden-workspaces-'));
    for (const folder of ['a/one', 'a/two', 'b/one/deep', 'node_modules/one', 'a/node_modules/x'])
      mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(join(root, 'a/file'), '');
    symlinkSync('..', join(root, 'b/one/up'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const found = (pattern: string): string[] =>
    workspaceFolders(root, pattern)
      .map((one) => relative(root, one))
      .toSorted();

  it.each([
    ['a/one', ['a/one']],
    ['./a/one/', ['a/one']],
    ['not/there', ['not/there']],
    ['a/*', ['a/node_modules', 'a/one', 'a/two']],
    ['a/t*', ['a/two']],
    ['a/?ne', ['a/one']],
    ['*/one', ['a/one', 'b/one', 'node_modules/one']],
    ['{a,b}/one', ['a/one', 'b/one']],
    ['a/{one,t{wo,en}}', ['a/one', 'a/ten', 'a/two']],
    ['b/**', ['b', 'b/one', 'b/one/deep']],
    [
      '**/**/deep',
      ['a/deep', 'a/one/deep', 'a/two/deep', 'b/deep', 'b/one/deep', 'b/one/deep/deep', 'deep'],
    ],
    ['a/[o]ne', ['a/node_modules', 'a/one', 'a/two']],
    ['a/*.(x|y)+$', []],
  ])('%s', (pattern, folders) => {
    expect(found(pattern)).toEqual(folders);
  });

  it('is not kept busy by a pattern', () => {
    expect(found('a/*o*o*o*o*o*o*o*o*o*o')).toEqual(['a/node_modules', 'a/one', 'a/two']);
    expect(found('{a,b}'.repeat(40)).length).toBeLessThanOrEqual(100);
    expect(found('{a'.repeat(1000))).toHaveLength(1);
  });
});
