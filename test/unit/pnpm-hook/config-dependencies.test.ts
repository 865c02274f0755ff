import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderDigest } from '../../../packages/pnpm-hook/src/config-dependencies/config-dependencies.ts';
import { freshFolder } from '../../support/fresh-folder.ts';

let root: string;
freshFolder((made) => (root = made));

function folder(name: string, files: Readonly<Record<string, string>>): string {
  const path = join(root, name);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(path, file, '..'), { recursive: true });
    writeFileSync(join(path, file), text);
  }
  return path;
}

describe('folderDigest', () => {
  const files = { 'a.js': 'one', 'lib/b.js': 'two' };

  it('is that of the files, wherever the folder is', () => {
    symlinkSync(folder('other', files), join(root, 'link'));
    expect(folderDigest(join(root, 'link'))).toBe(folderDigest(folder('one', files)));
  });

  it.each([
    ['another content', { ...files, 'a.js': 'two' }],
    ['another name', { 'a.mjs': 'one', 'lib/b.js': 'two' }],
    ['one file more', { ...files, 'node_modules/c.js': '' }],
    ['a file in another folder', { 'a.js': 'one', 'b.js': 'two' }],
  ])('differs for %s', (_, others) => {
    expect(folderDigest(folder('other', others))).not.toBe(folderDigest(folder('one', files)));
  });

  it('takes a link for nothing that a tarball holds', () => {
    const linked = folder('other', { 'lib/b.js': 'two' });
    symlinkSync(join(folder('one', files), 'a.js'), join(linked, 'a.js'));
    expect(folderDigest(linked)).not.toBe(folderDigest(join(root, 'one')));
    // Nor for nothing at all.
    expect(folderDigest(linked)).not.toBe(folderDigest(folder('third', { 'lib/b.js': 'two' })));
  });
});
