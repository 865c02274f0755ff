import { DEFAULT_POLICY } from '@tarwarden/core';
import { expect } from 'vitest';
import { MAGICS, beginningWith, foreign, type Place } from '../../support/attacks/foreign.ts';
import { gemData } from '../../support/gem.ts';
import { gzip, gzipWithZeros, type GzipOptions } from '../../support/gzip.ts';
import { pkg, tgz } from '../../support/pkg.ts';
import {
  describeRule,
  error,
  warning,
  filled,
  gem,
  inspecting,
  limited,
  ofSdist,
  paxed,
  rows,
  type Sample,
} from '../../support/rule-table.ts';
import { sdist, sdistTar, sdistZip } from '../../support/sdist.ts';
import { archive, end, entry, header, pax } from '../../support/tar.ts';
import { zip, zipSymlink, type ZipEntry } from '../../support/zip.ts';

const SOMEWHERE = { level: 'error', offset: expect.any(Number) as number } as const;
const AT_0 = { level: 'error', offset: 0 } as const;
const gzipped = (options: GzipOptions): Buffer => tgz({}, options);

describeRule('gzip-corrupt', SOMEWHERE, {
  reports: { 'data that is not deflate': gzipped({ deflated: Buffer.alloc(64, 0xff) }) },
  silent: {
    'every level of compression': gzipped({ level: 1 }),
    'a stream with flushes inside': gzipWithZeros(pkg({ tail: [] }), 1),
  },
});

describeRule('gzip-truncated', error(), {
  reports: {
    'data that ends too early': gzipped({ cut: 20 }),
    'a trailer that ends too early': gzipped({ cut: 3 }),
    'a header that ends too early': [Buffer.from([0x1f, 0x8b, 8, 0, 0]), { offset: 0 }],
    'a file name without an end': Buffer.concat([
      Buffer.from([0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3]),
      Buffer.alloc(100, 'n'),
    ]),
  },
  silent: { 'a whole file': tgz() },
});

describeRule('gzip-checksum', SOMEWHERE, {
  reports: { 'a CRC that does not fit': gzipped({ crc: 0x12345678 }) },
  silent: { 'the right CRC': tgz(), 'the right CRC of stored data': gzipped({ level: 0 }) },
});

describeRule('gzip-length', SOMEWHERE, {
  reports: {
    'a length that does not fit': gzipped({ isize: 42 }),
    'a length of 4 GiB, and allocates nothing for it': gzipped({ isize: 0xffffffff }),
  },
  silent: { 'the right length': tgz() },
});

describeRule('gzip-header', error(), {
  reports: {
    'a reserved flag': [gzipped({ flags: 0x20 }), AT_0],
    'a header checksum, right or wrong': gzipped({ headerCrc: true }),
    'an extra field': gzipped({ extra: Buffer.from('ab') }),
    'another method than deflate': gzipped({ method: 7 }),
  },
  silent: {
    'time, system and level in the header': gzipped({ mtime: 499162500, os: 3, xfl: 4 }),
    'a file name, which has a rule of its own': gzipped({ name: 'package.tar' }),
  },
});

describeRule('gzip-optional-header', warning(), {
  reports: {
    'a file name and a comment': [gzipped({ name: 'package.tar', comment: 'x' }), { offset: 0 }],
    'the text flag': gzipped({ flags: 1 }),
  },
  silent: { 'a plain header': tgz(), 'a time': gzipped({ mtime: 1 }) },
});

describeRule('gzip-second-member', error(), {
  reports: {
    'a second archive in a second member': [
      gzip(pkg(), {
        members: [archive(entry({ name: 'package/smuggled.js', body: 'x' }), end())],
      }),
      SOMEWHERE,
    ],
    'an empty member first': gzip(pkg(), { emptyMemberFirst: true }),
    'one archive cut over two members': gzip(pkg(), { splitAt: [700] }),
  },
  silent: {
    'one member': tgz(),
    'a package that holds a gzip file': filled({ 'data.gz': gzip(Buffer.from('x')) }),
  },
});

const trailing = (...bytes: readonly Uint8Array[]): Buffer =>
  gzipped({ trailing: Buffer.concat(bytes) });

describeRule('gzip-trailing-bytes', SOMEWHERE, {
  reports: {
    'text after the end': trailing(Buffer.from('text')),
    'one byte after the end': trailing(Buffer.from([0x1f])),
    ...rows(
      [10_240, 10_241, 1_000_000],
      (zeros) => trailing(Buffer.alloc(zeros)),
      '%s zeros, which are more than fill a record',
    ),
    'zeros with a byte at their end': trailing(Buffer.alloc(512), Buffer.from([1])),
    'zeros with a gzip member': trailing(Buffer.alloc(512), tgz()),
    'zeros with an end record of a zip': trailing(Buffer.alloc(512), Buffer.from('PK\u0005\u0006')),
    'zeros with a byte among them': trailing(Buffer.alloc(512), Buffer.from([7, 0, 0])),
  },
  clean: rows(
    [1, 512, 1150, 9736, 10_239],
    (zeros) => trailing(Buffer.alloc(zeros)),
    '%s zeros, as old tars filled their last record with',
  ),
  silent: {
    'a file that ends with its trailer': tgz(),
    'zeros at the end of the tar, inside the compression': tgz({ tail: [end(20)] }),
  },
});

describeRule('uncompressed-archive', AT_0, {
  reports: { 'a tar without gzip': pkg() },
  silent: {
    'the same tar compressed': gzip(pkg()),
    'stored, so hardly compressed, data': gzip(pkg(), { level: 0 }),
  },
});

describeRule('unrecognised-format', error(), {
  reports: {
    'a page that came instead of an archive': [Buffer.from('<html>not found</html>'), AT_0],
    'an empty file': Buffer.alloc(0),
    'a zip': Buffer.from('PK\x03\x04 and more', 'latin1'),
    'half of a magic number': Buffer.from([0x1f, 0x8b]),
  },
  elsewhere: { 'a gzip file that holds no tar': gzip(Buffer.from('no tar')) },
});

const compressed = (what: string, ending: string, ...bytes: number[]) =>
  [
    inspecting(Buffer.from(bytes), {
      format: 'sdist',
      expected: { fileName: `fixture-1.0.0.${ending}` },
      policy: { ...DEFAULT_POLICY, levels: { 'unreadable-format': 'off' } },
    }),
    { layer: 'gzip', offset: 0, alone: true, says: `it begins as ${what} does` },
  ] as const;

describeRule('unsupported-compression', error(), {
  reports: {
    'bzip2, and no policy lets it pass': compressed('bzip2', 'tar.bz2', 0x42, 0x5a, 0x68),
    xz: compressed('xz', 'tar.xz', 0xfd, 0x37, 0x7a, 0x58, 0x5a, 0),
    lzma: compressed('lzma', 'tar.lzma', 0x5d, 0, 0),
    lzip: compressed('lzip', 'tar.lz', 0x4c, 0x5a, 0x49, 0x50),
    zstd: compressed('zstd', 'tar.zst', 0x28, 0xb5, 0x2f, 0xfd),
    'one by the name of a tar.gz': ofSdist(Buffer.from('BZh9')),
  },
  silent: { gzip: ofSdist() },
});

const asGem = (bytes: Buffer): Sample => inspecting(bytes, { format: 'gem' });

describeRule('gem-not-tar', error(), {
  reports: {
    'a gem of the oldest format': [asGem(Buffer.from('MD5SUM = "0"\n')), { ...AT_0, layer: 'gem' }],
    'a tarball': asGem(gzip(gemData())),
    'an empty file': [asGem(Buffer.alloc(0)), { says: 'the file is empty' }],
  },
  silent: { 'a gem': gem({}) },
});

describeRule('unpacked-size-limit', error(), {
  reports: {
    'what unpacks to more than the limit, and reads no further': limited(
      { unpackedBytes: 4096 },
      filled({ 'a.txt': 'x'.repeat(5000) }),
    ),
  },
  silent: {
    'exactly the limit': limited({ unpackedBytes: pkg().length }, tgz()),
    'a megabyte of text': filled({ 'a.txt': 'x'.repeat(1 << 20) }),
  },
});

describeRule('compression-ratio-limit', error(), {
  reports: {
    'a bomb of zeros, and reads no further': gzipWithZeros(
      archive(pkg({ tail: [] }), header({ name: 'package/zeros', size: 600 << 20 })),
      600,
    ),
  },
  silent: {
    'little data that compresses very well': filled({ 'zeros.bin': Buffer.alloc(8 << 20) }),
    'ordinary text': filled({ 'a.txt': 'the quick brown fox '.repeat(9000) }),
  },
});

/** Files in folders of their own, some 30 deep. */
const deepFiles = Array.from({ length: 8000 }, (_, index) =>
  header({ name: `package/${index}/${'d/'.repeat(40)}f` }),
);

describeRule('entry-count-limit', error(), {
  reports: {
    'more entries than the limit, and reads no further': [
      limited({ entries: 3 }, filled({ 'a.js': '', 'b.js': '' })),
      { offset: 2048 + 512 },
    ],
    'more folders than can be kept, named by deep paths': gzip(
      archive(pkg({ tail: [] }), deepFiles, end()),
    ),
  },
  silent: {
    'exactly the limit': limited({ entries: 3 }, filled({ 'a.js': '' })),
    'extended headers, which do not count': limited({ entries: 3 }, paxed({ comment: 'x' })),
  },
});

const PLACES: readonly Place[] = ['pax', 'global', 'long-name', 'entry', 'prefix'];
const name = 'fixture';
const inEachPlace = <T>(
  values: Record<string, T> | readonly T[],
  build: (value: T, place: Place) => Buffer,
  title: string,
): Record<string, Buffer> =>
  Object.assign(
    {},
    ...PLACES.map((place) =>
      rows(values, (value) => build(value, place), `a tar that ${title} %s, in ${place}`),
    ),
  );
const HIDINGS = ['gzip', 'gzip-without-extra', 'zstd'] as const;

describeRule('foreign-magic', AT_0, {
  reports: {
    'a tar that is another one once it is decoded as gzip': [
      foreign('gzip', { name }),
      { says: 'it begins as gzip does' },
    ],
    ...inEachPlace(MAGICS, (magic, place) => beginningWith(magic, { name, place }), 'begins as'),
    ...inEachPlace(HIDINGS, (hiding, place) => foreign(hiding, { name, place }), 'hides'),
  },
  clean: {
    ...rows(
      MAGICS,
      (magic) => gzip(pkg({ files: { 'a.bin': magic, 'b.bin': Buffer.concat([magic, magic]) } })),
      'a file that begins as %s does',
    ),
    ...rows(
      ['PaxHeader/package.json', './PaxHeaders.123/x', '././@PaxHeader', 'package/PaxHeaders/x'],
      (header) =>
        tgz({
          before: [
            pax({ comment: 'x' }, { name: header }),
            entry({ name: 'package/a.js', body: 'a' }),
          ],
        }),
      'an extended header called %s',
    ),
  },
  silent: {
    ...rows(
      [
        '5*M',
        '7z',
        'BZh',
        'BZh91AY',
        'BZip',
        'PK',
        'PK00',
        'PKG',
        'LZIP',
        'LRZI',
        'Rar!',
        'xar!',
        'MSCF',
        'MZ',
        'GRZipII',
        'begin',
        'begin 644',
        'begin-base64 644',
        '#mtree',
        'WARC',
        '070707',
        '0707010000',
        '!<arch>',
        ']',
        'p',
        '\u00fcber',
      ],
      (top) => tgz({ top }),
      'a first folder called %s',
    ),
  },
  elsewhere: { 'the versions of WARC as folders': tgz({ top: 'WARC/1.0' }) },
});

describeRule('archive-type-mismatch', error(), {
  reports: {
    'what is neither': ofSdist(Buffer.from('<!doctype html>')),
    'bzip2 by the name of a tar.gz': ofSdist(Buffer.from('BZh9')),
    'a zip named as a tar.gz': [
      ofSdist(zip([]), { fileName: 'fixture-1.0.0.tar.gz' }),
      { says: 'it is zip, and its name ends as that of gzip' },
    ],
    ...rows(
      { zip: 'ZIP', xz: 'txz', 'a tar': 'tar' },
      (ending, format) => [
        ofSdist({}, { fileName: `fixture-1.0.0.${ending}` }),
        { says: `it is gzip, and its name ends as that of ${format}` },
      ],
      'a tar.gz named as %s',
    ),
    'a tar named as a tgz': [
      ofSdist(sdistTar(), { fileName: 'fixture-1.0.0.tgz' }),
      { says: 'it is neither gzip nor a zip, and its name ends as that of gzip' },
    ],
  },
  silent: rows(
    ['fixture-1.0.0.tar.gz', 'fixture-1.0.0.TGZ', 'fixture', 'v1.0', ''],
    (fileName) => ofSdist({}, { fileName }),
    'a tar.gz named %s',
  ),
});

const other = zip([{ name: 'fixture-1.0.0/setup.py', body: 'x' }]);
const behind = (...hidden: readonly Buffer[]): Sample =>
  ofSdist(Buffer.concat([sdist(), ...hidden]));
const dataZip = entry({ name: 'fixture-1.0.0/data.zip', body: other });
const stored = (...entries: Buffer[]): Sample => ofSdist(gzip(sdistTar({ entries }), { level: 0 }));

describeRule('hidden-zip', error({ layer: 'zip' }), {
  reports: {
    'a zip behind the gzip member': [behind(other), { offset: sdist().length + other.length - 22 }],
    ...rows(
      {
        'with a comment': zip([{ name: 'a', body: 'x' }], { comment: 'x'.repeat(0xffff) }),
        'with other bytes behind it': Buffer.concat([other, Buffer.alloc(5000)]),
        'of zip64': zip([{ name: 'a', body: 'x' }], { zip64: true }),
        'without entries': zip([]),
        'whose offsets do not fit': zip([{ name: 'a', body: 'x' }], { end: { offset: 12_345 } }),
      },
      (hidden) => behind(hidden),
      'one %s',
    ),
    'one that the compression stores, where no other rule sees it': [
      stored(dataZip),
      { alone: true },
    ],
  },
  clean: {
    'the same zip compressed': ofSdist({ entries: [dataZip] }),
    'a stored zip that is further from the end than Python looks': stored(
      dataZip,
      entry({ name: 'fixture-1.0.0/large', body: Buffer.alloc(0x1_0000) }),
    ),
  },
});

const SIGNATURE = Buffer.from('PK\x05\x06', 'latin1');
const storedData = (...bytes: Buffer[]): Sample =>
  stored(entry({ name: 'fixture-1.0.0/data', body: Buffer.concat(bytes) }));

describeRule('stray-zip-end-record', warning({ layer: 'zip' }), {
  reports: {
    'the signature of an end record that leads to nothing': storedData(
      SIGNATURE,
      Buffer.alloc(100, 1),
    ),
  },
  clean: {
    'one that Python does not find': storedData(SIGNATURE, Buffer.alloc(0x1_0000 + 22, 1)),
  },
  elsewhere: { 'one so near the end that no record fits': behind(SIGNATURE) },
});

const asZip = (entries: readonly ZipEntry[]): Sample =>
  ofSdist(sdistZip({ entries }), { fileName: 'fixture-1.0.0.zip' });

describeRule('link-in-zip', error({ layer: 'zip', entry: 'fixture-1.0.0/link' }), {
  reports: {
    'a link to a file of the sdist': asZip([zipSymlink('fixture-1.0.0/link', 'backend.py')]),
  },
  clean: { 'a zip without links': asZip([]) },
});
