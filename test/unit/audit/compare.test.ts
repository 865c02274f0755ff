import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '@tarwarden/core';
import { unpackedFiles } from '@tarwarden/core/trees';
import {
  describeDifferences,
  folderDifferences,
  listDifferences,
} from '../../../packages/audit/src/compare/differences.ts';
import { digestOfFile } from '../../../packages/host/src/files/digest-of-file.ts';
import { tgz } from '../../support/pkg.ts';
import { freshFolder } from '../../support/fresh-folder.ts';

const files = unpackedFiles(
  tgz({ name: 'a', files: { 'lib/b.js': 'b', 'empty.txt': '' } }),
  'npm',
  'npm',
  DEFAULT_LIMITS,
)!;
const ALL = ['changed', 'missing', 'added', 'links'] as const;

let folder: string;
freshFolder((made) => (folder = made));

describe('a folder', () => {
  beforeEach(() => {
    mkdirSync(join(folder, 'lib'));
    writeFileSync(join(folder, 'lib/b.js'), 'other');
    writeFileSync(join(folder, 'empty.txt'), '');
    writeFileSync(join(folder, 'more.js'), '');
    symlinkSync('/etc/passwd', join(folder, 'index.js'));
  });

  it('differs by what is changed, missing, added and a link', () => {
    const found = folderDifferences(files, folder, (path) => path === 'package.json');
    expect(found).toEqual({
      changed: ['lib/b.js'],
      missing: ['index.js'],
      added: ['more.js'],
      links: ['index.js'],
      isCut: false,
    });
    expect(describeDifferences(found, ALL)).toBe(
      'changed "lib/b.js"; missing "index.js"; added "more.js"; links "index.js"',
    );
  });

  it('has no hash for what is no file', () => {
    expect(digestOfFile(join(folder, 'index.js'), 'sha512')).toBeUndefined();
    expect(digestOfFile(folder, 'sha512')).toBeUndefined();
    expect(digestOfFile(join(folder, 'none'), 'sha512')).toBeUndefined();
  });
});

it('a list differs in the same way', () => {
  const found = listDifferences(
    files,
    new Map([...files].slice(1).map(([path, { sha512 }]) => [path, sha512] as const))
      .set('x', '')
      .set('empty.txt', ''),
  );
  expect(found.added).toEqual(['x']);
  expect(found.changed).toEqual(['empty.txt']);
  expect(found.missing).toEqual([[...files.keys()][0]]);
});

it('is described in a line, however much there is', () => {
  const found = { changed: ['1', '2', '3', '4'], missing: [], added: [], links: [], isCut: true };
  expect(describeDifferences(found, ALL)).toBe(
    'changed "1", "2", "3", … 4 paths; more entries than are looked at',
  );
  expect(describeDifferences({ ...found, changed: [], isCut: false }, ALL)).toBeUndefined();
});
