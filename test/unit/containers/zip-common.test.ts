/** Zips that use the options of the format, read by the dialect of zip libraries. */
import { crc32, deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { COMMON_ZIP } from '../../../packages/core/src/containers/zip/dialect.ts';
import { readZipOf } from '../../support/read-zip.ts';
import { UNIX, zip, type ZipEntry, type ZipOptions } from '../../support/zip.ts';

const codesOf = (entry: ZipEntry, options?: ZipOptions): string[] =>
  readZipOf(zip([{ name: 'before', body: 'x' }, entry, { name: 'behind', body: 'x' }], options))
    .codes;

/** An extra field. */
function extra(id: number, data: Uint8Array = Buffer.alloc(0), length = data.length): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(id, 0);
  head.writeUInt16LE(length, 2);
  return Buffer.concat([head, data]);
}

function numbers(...values: number[]): Buffer {
  const out = Buffer.alloc(values.length * 8);
  values.forEach((value, at) => out.writeBigUInt64LE(BigInt(value), at * 8));
  return out;
}

function unicodePath(name: string, of = name): Buffer {
  const head = Buffer.alloc(5);
  head[0] = 1;
  head.writeUInt32LE(crc32(of), 1);
  return extra(0x7075, Buffer.concat([head, Buffer.from(name)]));
}

const FULL = 0xffffffff;

describe('passes without a word:', () => {
  it.each<[string, ZipEntry]>([
    ['a file of Windows', { name: 'a', body: 'x', madeBy: 0, mode: 0, dosAttributes: 0x20 }],
    ['a folder of Windows', { name: 'a/', madeBy: 0, mode: 0, dosAttributes: 0x10 }],
    ['permissions without a type', { name: 'a', body: 'x', mode: 0o664 }],
    ['Unix modes of a writer on Windows', { name: 'a', body: 'x', madeBy: 0 }],
    ['times of Info-ZIP', { name: 'a', body: 'x', extra: extra(0x5455, Buffer.alloc(5)) }],
    ['a Unicode path that is the name', { name: 'ä', body: 'x', extra: unicodePath('ä') }],
    ['a name in UTF-8', { name: 'ä', body: 'x' }],
    ['sizes of zip64', { name: 'a', body: 'xxxxxxxx', zip64: true }],
    [
      'sizes of zip64 before the data alone',
      {
        name: 'a',
        body: 'xxxx',
        method: 0,
        versionNeeded: 45,
        local: { size: FULL, compressedSize: FULL, extra: extra(1, numbers(4, 4)) },
      },
    ],
    [
      'sizes of zip64 that nothing refers to',
      { name: 'a', body: 'xxxx', method: 0, extra: extra(1, numbers(4, 4)) },
    ],
    ['another time before the data', { name: 'a', body: 'x', local: { versionNeeded: 10 } }],
    ['another level of deflate', { name: 'a', body: 'x', local: { flags: 0x0802 } }],
  ])('%s', (_title, entry) => {
    expect(codesOf(entry)).toEqual([]);
  });

  it('an end record of zip64', () => {
    const seen = readZipOf(zip([{ name: 'a', body: 'x' }], { zip64: true }));
    expect(seen).toEqual({ codes: [], entries: [['a', '0', 'x']], complete: true });
  });

  it.each<[string, boolean | 'nosig']>([
    ['with', true],
    ['without', 'nosig'],
  ])('descriptors %s a signature, where they are usual', (_title, descriptor) => {
    const bytes = zip([
      { name: 'a', body: 'xxxxxxxx', descriptor },
      { name: 'b', body: 'y', method: 8, descriptor },
    ]);
    const seen = readZipOf(bytes, { ...COMMON_ZIP, descriptors: 'usual' });
    expect(seen.codes).toEqual([]);
    expect(seen.entries.map(([, , content]) => content)).toEqual(['xxxxxxxx', 'y']);
  });
});

describe('is reported:', () => {
  it.each<[string, string, ZipEntry]>([
    ['a descriptor', 'zip-data-descriptor', { name: 'a', body: 'xxxx', descriptor: true }],
    ['a comment of an entry', 'zip-entry-comment', { name: 'a', comment: 'x' }],
    ['a field that is not known', 'zip-unknown-extra-field', { name: 'a', extra: extra(0x4242) }],
    [
      'a field twice',
      'zip-extra-field',
      { name: 'a', extra: Buffer.concat([extra(0x5455), extra(0x5455)]) },
    ],
    [
      'a field that is cut short',
      'zip-extra-field',
      { name: 'a', extra: extra(0x5455, Buffer.alloc(1), 9) },
    ],
    ['bytes behind the fields', 'zip-extra-field', { name: 'a', extra: Buffer.from('xx') }],
    ['another Unicode path', 'zip-extra-field', { name: 'a', extra: unicodePath('b', 'a') }],
    [
      'a Unicode path of another name',
      'zip-extra-field',
      { name: 'a', extra: unicodePath('a', 'b') },
    ],
    [
      'a link of PKWARE',
      'zip-extra-field',
      { name: 'a', extra: extra(0x000d, Buffer.from('/etc')) },
    ],
    ['a link of ASi', 'zip-extra-field', { name: 'a', extra: extra(0x756e, Buffer.alloc(14)) }],
    ['attributes of libarchive', 'zip-extra-field', { name: 'a', local: { extra: extra(0x6c78) } }],
    ['AES', 'zip-extra-field', { name: 'a', extra: extra(0x9901, Buffer.alloc(7)) }],
    ['a size of zip64 that is missing', 'zip-extra-field', { name: 'a', size: FULL }],
    [
      'sizes of zip64 that are others',
      'zip-extra-field',
      { name: 'a', body: 'xxxx', method: 0, extra: extra(1, numbers(5, 4)) },
    ],
    [
      'sizes of zip64 of which one is full',
      'zip-extra-field',
      { name: 'a', body: 'xxxx', method: 0, compressedSize: FULL, extra: extra(1, numbers(9, 4)) },
    ],
    ['a name that is not marked', 'zip-name-encoding', { name: 'ä', flags: 0 }],
    ['a name that is marked and not UTF-8', 'zip-name-encoding', { name: Buffer.from([0xe4]) }],
    ['encryption', 'zip-unsupported', { name: 'a', flags: 0x0801 }],
    ['strong encryption', 'zip-unsupported', { name: 'a', flags: 0x0841 }],
    ['masked headers', 'zip-unsupported', { name: 'a', flags: 0x2800 }],
    ['patches', 'zip-unsupported', { name: 'a', flags: 0x0820 }],
    ['LZMA', 'zip-unsupported', { name: 'a', method: 14, data: Buffer.from('x') }],
    ['a version of the future', 'zip-unsupported', { name: 'a', versionNeeded: 63 }],
    ['a system of nobody', 'zip-unsupported', { name: 'a', madeBy: 20 }],
    ['a label of a volume', 'zip-unsupported', { name: 'a', dosAttributes: 0x08 }],
    ['a folder of MS-DOS without a slash', 'zip-type-mismatch', { name: 'a', dosAttributes: 0x10 }],
    ['a folder without a slash', 'zip-type-mismatch', { name: 'a', mode: UNIX.directory | 0o755 }],
    ['another name before the data', 'zip-header-mismatch', { name: 'a', local: { name: 'b' } }],
    [
      'another method before the data',
      'zip-header-mismatch',
      { name: 'a', body: 'x', local: { method: 0 } },
    ],
    ['other flags before the data', 'zip-header-mismatch', { name: 'a', local: { flags: 0 } }],
    [
      'another CRC before the data',
      'zip-header-mismatch',
      { name: 'a', body: 'x', local: { crc: 1 } },
    ],
    [
      'zeros before the data, and no descriptor',
      'zip-header-mismatch',
      { name: 'a', body: 'x', local: { crc: 0, size: 0, compressedSize: 0 } },
    ],
    [
      'another CRC in the descriptor',
      'zip-header-mismatch',
      { name: 'a', body: 'xxxx', descriptor: true, central: { crc: 1 } },
    ],
    [
      'a descriptor behind stored data',
      'zip-unsupported',
      { name: 'a', body: 'x', method: 0, descriptor: true },
    ],
    ['a wrong CRC', 'zip-checksum', { name: 'a', body: 'x', crc: 1 }],
    ['data that ends early', 'zip-corrupt', { name: 'a', body: 'x', method: 8, size: 2 }],
    ['an entry that the directory leaves out', 'zip-gap', { name: 'a', omit: 'central' }],
    ['bytes between entries', 'zip-gap', { name: 'a', gap: Buffer.from('x') }],
    [
      'two entries over the same data',
      'zip-overlap',
      { name: 'before', body: 'x', central: { offset: 0 } },
    ],
  ])('%s', (_title, code, entry) => {
    expect(codesOf(entry)).toContain(code);
  });

  it('a symlink whatever system made it, since Python looks at the mode alone', () => {
    const seen = readZipOf(
      zip([{ name: 'a', body: '/etc', method: 0, madeBy: 0, mode: UNIX.symlink | 0o777 }]),
    );
    expect(seen.entries).toEqual([['a', '2', '']]);
  });
});

it('hands on content that is unpacked in many pieces', () => {
  const body = Buffer.alloc(3_000_000, 'abc');
  const seen = readZipOf(
    zip([
      { name: 'a', data: deflateRawSync(body), size: body.length, crc: crc32(body), method: 8 },
    ]),
  );
  expect(seen.codes).toEqual([]);
  expect(seen.entries[0]![2]).toHaveLength(body.length);
});
