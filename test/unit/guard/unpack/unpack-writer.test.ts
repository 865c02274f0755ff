/** What is written of an archive, when nothing but a policy was asked before. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { UnpackError } from '@tarwarden/guard';
import { Typeflag, type Entry } from '../../../../packages/core/src/containers/entry.ts';
import { DEFAULT_LIMITS } from '../../../../packages/core/src/limits.ts';
import { npmTarball } from '@tarwarden/core/npm';
import {
  EntryWriter,
  writeArchive,
  type Read,
  type WrittenCounts,
} from '../../../../packages/guard/src/unpack/unpack-writer.ts';
import { problems } from '../../../../packages/core/src/catalogue/index.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { archive, end, entry, type EntryOptions } from '../../../support/tar.ts';
import { assertNothingHeld, heldIn } from '../../../support/held.ts';
import { tree } from '../../../support/tree.ts';

let folder: string;
freshFolder((made) => (folder = made));
afterEach(() => assertNothingHeld(folder));

const packed = (...entries: EntryOptions[]): Buffer =>
  gzipSync(
    archive(
      entries.map((one) => entry(one)),
      end(),
    ),
  );
function write(bytes: Buffer): WrittenCounts {
  const read: Read = (sink, options) => npmTarball.read(bytes, sink, options);
  return writeArchive(read, folder, { format: npmTarball, limits: DEFAULT_LIMITS });
}
function reason(bytes: Buffer): string {
  try {
    write(bytes);
  } catch (error) {
    if (!(error instanceof UnpackError)) throw error;
    expect(error.code).toBe('NOT_PLAIN');
    const said =
      'a policy lets this archive pass, but it is not one set of plain files and folders, so it was not unpacked: ';
    return error.message.startsWith(said) ? error.message.slice(said.length) : error.message;
  }
  return 'written';
}
const file = (name: string, body = 'x', more: Partial<EntryOptions> = {}): EntryOptions => ({
  name: `package/${name}`,
  body,
  ...more,
});

describe('writeArchive', () => {
  it('writes files and folders, and says how much', () => {
    const bytes = packed(
      { name: 'package/', typeflag: '5' },
      file('lib/', '', { typeflag: '5' }),
      file('lib/a.js', 'four'),
      file('empty', ''),
      file('run', 'go', { mode: 0o744 }),
      file('big', 'y'.repeat(200_000)),
    );
    expect(write(bytes)).toEqual({ files: 4, folders: 1, bytes: 200_006 });
    expect(readFileSync(join(folder, 'lib/a.js'), 'utf8')).toBe('four');
    expect(readFileSync(join(folder, 'big'), 'utf8')).toBe('y'.repeat(200_000));
    expect(tree(folder).join('\n')).toMatch(/run.*755/);
    expect(tree(folder).join('\n')).toMatch(/a\.js.*644/);
  });

  it('takes two equal entries for one file', () => {
    const big = 'y'.repeat(150_000);
    const bytes = packed(file('a', big), file('b'), file('a', big), file('a', big));
    expect(write(bytes)).toEqual({ files: 2, folders: 0, bytes: 150_001 });
  });

  it.each<[string, string, EntryOptions]>([
    ['longer', 'xy', {}],
    ['executable', 'x', { mode: 0o755 }],
  ])('takes two for none where one is %s', (_title, body, more) => {
    expect(reason(packed(file('a'), file('a', body, more)))).toBe(
      'two entries are at "package/a" and are not the same',
    );
  });

  it.each(['z'.repeat(200_000), `${'y'.repeat(199_999)}z`])(
    'nor where their content differs',
    (other) => {
      expect(reason(packed(file('a', 'y'.repeat(200_000)), file('a', other)))).toBe(
        'two entries of one path have different content',
      );
    },
  );

  const plain = 'is not a file or folder with a plain path';
  it.each<[string, EntryOptions, string]>([
    ['climbs', file('../a'), plain],
    ['is absolute', { name: '/package/a', body: 'x' }, plain],
    ['holds a backslash', file('a\\b'), plain],
    ['holds a colon', file('a:b'), plain],
    ['is a link', file('a', '', { typeflag: '2', linkname: 'b' }), plain],
    ['is a hard link', file('a', '', { typeflag: '1', linkname: 'package/b' }), plain],
    ['is a device', file('a', '', { typeflag: '3' }), plain],
    ['is a pipe', file('a', '', { typeflag: '6' }), plain],
    ['is outside', { name: 'a', body: 'x' }, 'lies outside the package\u2019s folder'],
  ])('writes nothing that %s', (_title, one, why) => {
    expect(reason(packed(one)).replace('\u0027s folder', '\u2019s folder')).toContain(why);
    expect(tree(folder)).toEqual([]);
  });

  it('writes what has no more than warnings', () => {
    const tail = Buffer.alloc(128 * 1024);
    const bytes = gzipSync(archive(entry(file('a')), end(), tail), { level: 9 });
    const warned = Buffer.concat([
      bytes.subarray(0, 3),
      Buffer.from([bytes[3]! | 8]),
      bytes.subarray(4, 10),
      Buffer.from('name\0'),
      bytes.subarray(10),
    ]);
    expect(write(warned).bytes).toBe(1);
  });

  it('writes nothing that is not compressed', () => {
    expect(reason(archive([entry(file('a'))], end()))).toContain(
      problems['uncompressed-archive'].summary,
    );
  });

  it('says what the reader met, and leaves no file open', () => {
    const bytes = packed(file('a', 'y'.repeat(5000)));
    expect(reason(bytes.subarray(0, bytes.length - 12))).toContain(
      problems['gzip-truncated'].summary,
    );
  });

  it('writes no file that ends early', () => {
    const tar = archive([entry(file('a', 'y'.repeat(5000)))], end());
    expect(reason(gzipSync(tar.subarray(0, 2048)))).toContain(problems['tar-truncated'].summary);
    expect(heldIn(join(folder, 'a'))).toEqual([]);
  });
});

describe('EntryWriter believes no reader', () => {
  const said = (path: string, more: Partial<Entry> = {}): Entry => ({
    index: 0,
    offset: 0,
    path,
    typeflag: Typeflag.File,
    size: 1,
    mode: 0o644,
    linkpath: '',
    traits: 0,
    ...more,
  });
  const writer = (): EntryWriter => new EntryWriter(folder);
  const refusal = (message: string): unknown =>
    expect.objectContaining({ code: 'NOT_PLAIN', message: expect.stringContaining(message) });

  it.each(['package/../a', 'package//a', 'package/./a', 'package/a/.', 'package/a/..'])(
    'that the path %j has no component that moves',
    (path) => {
      const plain = refusal(`"${path}" has a component that is not a plain name`);
      expect(() => writer().entry(said(path))).toThrow(plain);
      expect(tree(folder)).toEqual([]);
    },
  );

  it.each(['a\\b', 'C:b', 'a\0b', 'lib/a\\..\\b'])('that %j is a plain path', (name) => {
    const plain = refusal('has a component that is not a plain name');
    expect(() => writer().entry(said(`package/${name}`))).toThrow(plain);
    const directory = said(`package/${name}`, { typeflag: Typeflag.Directory });
    expect(() => writer().entry(directory)).toThrow(plain);
    expect(tree(folder)).toEqual([]);
  });

  it.each([Typeflag.Symlink, Typeflag.Hardlink, Typeflag.Contiguous, Typeflag.Fifo, 0])(
    'that type %d is a file',
    (typeflag) => {
      const plain = refusal('is not a file or folder with a plain path');
      expect(() => writer().entry(said('package/a', { typeflag }))).toThrow(plain);
      expect(tree(folder)).toEqual([]);
    },
  );

  it('about the size of a file', () => {
    const one = writer();
    expect(() => one.body(Buffer.from('x'))).toThrow(refusal('a file is longer than it says'));
    expect(one.entry(said('package/a', { size: 3 }))).toBe(true);
    expect(() => one.body(Buffer.from('four'))).toThrow(refusal('a file is longer than it says'));
    one.body(Buffer.from('ab'));
    const short = refusal('a file is shorter than it says');
    expect(() => one.end()).toThrow(short);
    expect(() => one.entry(said('package/b'))).toThrow(short);
    one.body(Buffer.from('c'));
    one.end();
    expect(() => one.body(Buffer.from('d'))).toThrow(refusal('a file is longer than it says'));
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('abc');
    expect(one.bytes).toBe(3);
  });

  it('and wants no content of folders and empty files', () => {
    const one = writer();
    const directory = { typeflag: Typeflag.Directory, size: 5 };
    expect(one.entry(said('package', directory))).toBe(false);
    expect(one.entry(said('package/lib', directory))).toBe(false);
    expect(one.entry(said('package/lib/a', { size: 0 }))).toBe(false);
    one.end();
    expect(heldIn(join(folder, 'lib/a'))).toEqual([]);
    expect([one.files, one.folders]).toEqual([1, 1]);
  });

  it('and makes no file executable whose mode cannot be read', () => {
    writer().entry(said('package/a', { size: 0, mode: -1 }));
    expect(tree(folder)[0]).toMatch(/^file a .* 644$/);
  });
});
