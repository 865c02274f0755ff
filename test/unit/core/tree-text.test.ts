/** One text, and so one digest, for each list of files. */
import {
  digestOfTreeText,
  isTreeDigest,
  readTreeText,
  TREE_CLIENTS,
  treeDigest,
  treeText,
  type UnpackedFiles,
} from '@tarwarden/core/trees';
import { describe, expect, test } from 'vitest';

const noHash = { sha512: '0'.repeat(128), executable: false };

describe('the text of a tree', () => {
  const filesOf = (...paths: string[]): UnpackedFiles =>
    new Map(paths.map((path) => [path, noHash]));

  test('begins with the version and the client, and lists the files by the bytes of their paths', () => {
    const files = new Map([
      ['\u{10000}', noHash],
      ['\uffee', noHash],
      ['b', { ...noHash, executable: true }],
      ['a/c', noHash],
      ['a-c', noHash],
    ]);
    expect(treeText('pnpm', files).replaceAll(noHash.sha512, 'HASH')).toBe(
      'tarwarden-tree 1 pnpm\n- HASH a-c\n- HASH a/c\nx HASH b\n- HASH \uffee\n- HASH \u{10000}\n',
    );
    expect(treeDigest('pnpm', files)).toBe(digestOfTreeText(treeText('pnpm', files)));
    expect(isTreeDigest(treeDigest('pnpm', files))).toBe(true);
  });

  test('does not depend on the order of the list, and depends on the client', () => {
    expect(treeDigest('npm', filesOf('a', 'b'))).toBe(treeDigest('npm', filesOf('b', 'a')));
    expect(treeDigest('npm', filesOf('a'))).not.toBe(treeDigest('bun', filesOf('a')));
  });

  test.each([
    ['a line feed in a path', [`a\n- ${noHash.sha512} b`], ['a', 'b']],
    ['a backslash before an n', ['a\\nb'], ['a\nb']],
    ['two backslashes', ['a\\\\b'], ['a\\b']],
    ['a carriage return', ['a\r'], ['a\\r']],
    ['half of a surrogate pair', ['\ud800'], ['\ufffd']],
    ['the escape of half of a surrogate pair', ['\ud800'], ['\\ud800']],
    ['another half', ['\ud800'], ['\ud801']],
  ])('is another one with %s', (_name, some, others) => {
    expect(treeText('npm', filesOf(...some))).not.toBe(treeText('npm', filesOf(...others)));
    expect(treeDigest('npm', filesOf(...some))).not.toBe(treeDigest('npm', filesOf(...others)));
  });

  test('can be read back', () => {
    const paths = ['a', 'b\\n\n\r\\', '\ud800 \udfff', '\u{1f600}', 'é', ' x', 'x '];
    for (const client of TREE_CLIENTS) {
      const read = readTreeText(treeText(client, filesOf(...paths)));
      expect(read?.client).toBe(client);
      expect(new Set(read?.files.keys())).toEqual(new Set(paths));
    }
  });

  test.each([
    'tarwarden-tree 2 pnpm\n',
    'tarwarden-tree 1 pnpm',
    'tarwarden-tree 1 pip\n',
    'tarwarden-tree 1 toString\n',
    'tarwarden-tree 1 pnpm\nx\n',
    `tarwarden-tree 1 pnpm\n? ${noHash.sha512} a\n`,
    `tarwarden-tree 1 pnpm\n- ${noHash.sha512} a`,
  ])('is not read if it has another form: %j', (text) => {
    expect(readTreeText(text)).toBeUndefined();
  });
});
