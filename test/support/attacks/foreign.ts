/**
 * Tars whose first block begins with the magic number of another format. Some hold a whole second package for who decodes
 * them as that; it says `hidden: true` in its package.json, and has the lifecycle script that is asked for.
 */
import { crc32, deflateRawSync } from 'node:zlib';
import { gzip } from '../gzip.ts';
import { manifestOf, pkg } from '../pkg.ts';
import {
  archive,
  end,
  entry,
  gnuLongName,
  pax,
  paxBody,
  type EntryOptions,
  type HeaderOptions,
} from '../tar.ts';
import { raw, type Attack } from './attack.ts';

/** Where the magic is: always in the name field of the first block, of one kind of entry or another. */
export type Place = 'pax' | 'global' | 'long-name' | 'entry' | 'prefix';

/** Formats that a second package can be hidden in. */
export type Hiding = 'gzip' | 'gzip-without-extra' | 'zstd';

export interface ForeignOptions {
  name: string;
  version?: string;
  /** Put into package.json of the hidden package and of the one that everyone else sees. */
  manifest?: Readonly<Record<string, unknown>>;
  /** A postinstall script of the hidden package only. */
  postinstall?: string;
  place?: Place;
}

/** Every rule that says something about one of these. */
export const FOREIGN_RULES = [
  'other-format',
  'unsafe-character',
  'tar-header-ambiguous',
  'outside-package-folder',
  'gnu-long-name',
] as const;

/** First bytes by format, as extractors ask for them. */
export const MAGICS: Readonly<Record<string, Buffer>> = {
  gzip: Buffer.from('\x1f\x8b\x08', 'latin1'),
  zstd: Buffer.from('\x28\xb5\x2f\xfd', 'latin1'),
  'skippable frame': Buffer.from('\x5a\x2a\x4d\x18', 'latin1'),
  xz: Buffer.from('\xfd7zXZ\0', 'latin1'),
  lzma: Buffer.from('\x5d\0\0\x80\0\xff\xff\xff\xff\xff\xff\xff\xff', 'latin1'),
  'lzma with a small dictionary': Buffer.from('p\0\x10\0\0', 'latin1'),
  'lzma of GNU tar': Buffer.from('\xffLZMA', 'latin1'),
  lzip: Buffer.from('LZIP\x01', 'latin1'),
  bzip2: Buffer.from('BZh91AY&SY', 'latin1'),
  'empty bzip2': Buffer.from('BZh9\x17rE8P\x90', 'latin1'),
  lz4: Buffer.from('\x04\x22\x4d\x18', 'latin1'),
  'legacy lz4': Buffer.from('\x02\x21\x4c\x18', 'latin1'),
  lzop: Buffer.from('\x89LZO\0\r\n\x1a\n', 'latin1'),
  lrzip: Buffer.from('LRZI\0\x06', 'latin1'),
  grzip: Buffer.from('GRZipII\0\x02\x04:)', 'latin1'),
  compress: Buffer.from('\x1f\x9d\x90', 'latin1'),
  pack: Buffer.from('\x1f\x1e', 'latin1'),
  lzh: Buffer.from('\x1f\xa0', 'latin1'),
  uuencode: Buffer.from('begin 644 a\n', 'latin1'),
  base64: Buffer.from('begin-base64 644 a\n', 'latin1'),
  rpm: Buffer.from('\xed\xab\xee\xdb\x03\0\0\0', 'latin1'),
  zip: Buffer.from('PK\x03\x04', 'latin1'),
  'empty zip': Buffer.from('PK\x05\x06', 'latin1'),
  'zip in pieces': Buffer.from('PK00PK\x03\x04', 'latin1'),
  '7z': Buffer.from('7z\xbc\xaf\x27\x1c', 'latin1'),
  rar: Buffer.from('Rar!\x1a\x07\0', 'latin1'),
  xar: Buffer.from('xar!\0\x1c', 'latin1'),
  cab: Buffer.from('MSCF\0\0\0\0', 'latin1'),
  ar: Buffer.from('!<arch>\n', 'latin1'),
  'cpio odc': Buffer.from(`070707${'0'.repeat(70)}`, 'latin1'),
  'cpio newc': Buffer.from(`070701${'0aF'.repeat(31)}0`, 'latin1'),
  'binary cpio': Buffer.from('\xc7\x71', 'latin1'),
  mtree: Buffer.from('#mtree\n', 'latin1'),
  WARC: Buffer.from('WARC/1.0\r\n', 'latin1'),
};

const RECORDS = { comment: 'x' };
const LONG_NAME = 'package/carrier.bin';

/** The first block and what belongs to it, as a real packer writes it but for the name. */
function firstBlock(place: Place, name: Buffer, more: EntryOptions): Buffer {
  if (place === 'pax') return pax(RECORDS, { name, ...more });
  if (place === 'global') return pax(RECORDS, { name, ...more, global: true });
  if (place === 'long-name') return gnuLongName(LONG_NAME, { name, ...more });
  if (place === 'entry') return entry({ name, body: 'x', ...more });
  return entry({ name, prefix: 'package', body: 'x', ...more });
}

/** Bytes of content in the first block's entry. */
function contentLength(place: Place): number {
  if (place === 'long-name') return LONG_NAME.length + 1;
  return place === 'pax' || place === 'global' ? paxBody(RECORDS).length : 1;
}

/** A package whose tar begins with these bytes, and holds nothing else that is odd. */
export function beginningWith(magic: Buffer, options: ForeignOptions): Buffer {
  const { name, version = '1.0.0', manifest = {}, place = 'pax' } = options;
  return gzip(pkg({ name, version, manifest, before: [firstBlock(place, magic, {})] }));
}

/** How a format is reported what to skip: what is in the first block, and where its data go on. */
interface Shape {
  readonly name: Buffer;
  readonly header: HeaderOptions;
  /** Numbers of the header may not end in NUL. */
  readonly spaced?: true;
  /** Offset in the outer tar. */
  readonly dataAt: number;
  /** The data there, which may speak of what comes before, and of how many bytes come after. */
  data(hidden: Buffer, outer: Buffer): Buffer;
}

const u16 = (value: number): number[] => [value & 0xff, value >> 8];
function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}

function deflated(output: Buffer, data: Buffer): Buffer {
  return Buffer.concat([deflateRawSync(data), u32(crc32(output)), u32(output.length)]);
}

const EXTRA_BYTES = 0x0909;
const STORED_BYTES = 0x0600;
const RAW_BYTES = 0x2021;

function zstdRaw(data: Buffer, last: boolean): Buffer {
  return Buffer.concat([u32((data.length << 3) | (last ? 1 : 0)).subarray(0, 3), data]);
}

const SHAPES: Readonly<Record<Hiding, Shape>> = {
  // The extra field of a gzip header is skipped.
  gzip: {
    name: Buffer.from([0x1f, 0x8b, 8, 4, ...Buffer.from('time'), 2, 3, ...u16(EXTRA_BYTES)]),
    header: {},
    dataAt: 12 + EXTRA_BYTES,
    data: (hidden) => deflated(hidden, hidden),
  },
  // Name and comment of a gzip header end with the first two NULs, those of a time in base 256, which then is a block of
  // stored bytes up to the data. It begins the hidden tar with three blocks that are no headers, and that node-tar skips.
  'gzip-without-extra': {
    name: Buffer.from([
      0x1f,
      0x8b,
      8,
      0x18,
      ...Buffer.from('time'),
      2,
      3,
      ...Buffer.alloc(90, 'x'),
    ]),
    header: {
      mode: { text: '0000644 ' },
      uid: { text: '0000000 ' },
      gid: { text: '0000000 ' },
      raw: { mtime: Buffer.from([0x80, 0, 0, 0, 0, 0x06, 0xff, 0xf9, 1, 1, 1, 1]) },
    },
    spaced: true,
    dataAt: 144 + STORED_BYTES,
    data: (hidden, outer) =>
      deflated(Buffer.concat([outer.subarray(144, 144 + STORED_BYTES), hidden]), hidden),
  },
  // A raw block of zstd up to the data, the rest of a tar block, then the data, then a frame that is skipped to the end.
  zstd: {
    name: Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x10, 0x58, ...u32(RAW_BYTES << 3).subarray(0, 3)]),
    header: {},
    dataAt: 9 + RAW_BYTES,
    data: (hidden, outer) => {
      const frame = Buffer.concat([
        zstdRaw(Buffer.alloc(512 - (RAW_BYTES % 512), 'x'), false),
        zstdRaw(hidden, true),
      ]);
      const left = outer.length - (9 + RAW_BYTES) - frame.length - 8;
      return Buffer.concat([frame, Buffer.from([0x50, 0x2a, 0x4d, 0x18]), u32(left)]);
    },
  },
};

/** A package that is another one for who takes its tar for a compressed one. */
export function foreign(hiding: Hiding, options: ForeignOptions): Buffer {
  return gzip(foreignTar(hiding, options));
}

/** The same, before it is compressed. */
export function foreignTar(hiding: Hiding, options: ForeignOptions): Buffer {
  const { name, version = '1.0.0', manifest = {}, place = 'pax', postinstall } = options;
  const shape = SHAPES[hiding];
  const scripts = postinstall === undefined ? {} : { scripts: { postinstall } };
  const hidden = pkg({
    name,
    version,
    manifest: { ...manifest, ...scripts, hidden: true },
    files: { 'index.js': 'module.exports = "hidden"\n' },
  });
  const size = `${contentLength(place).toString(8).padStart(11, '0')} `;
  const first = firstBlock(place, shape.name, {
    ...shape.header,
    ...(shape.spaced && { declaredSize: { text: size } }),
  });
  const filler = Buffer.alloc(shape.dataAt - first.length - 512, 'x');
  const outer = (data: Buffer): Buffer =>
    archive(
      first,
      entry({ name: 'package/carrier.bin', body: Buffer.concat([filler, data, Buffer.alloc(64)]) }),
      entry({
        name: 'package/package.json',
        body: manifestOf({ name, version, manifest }) ?? '',
      }),
      entry({ name: 'package/index.js', body: 'module.exports = "seen"\n' }),
      end(),
    );
  const length = shape.data(hidden, outer(Buffer.alloc(0))).length;
  return outer(shape.data(hidden, outer(Buffer.alloc(length))));
}

export const foreignAttacks: readonly Attack[] = [
  ...(['gzip', 'gzip-without-extra', 'zstd'] as const).map((hiding) =>
    raw(
      `hidden-in-${hiding}: a tar that begins as ${hiding.replaceAll('-', ' ')} does`,
      'foreign-magic',
      (to) => foreign(hiding, to),
    ),
  ),
  // The prefix goes before the name, so the path is an ordinary one.
  raw(
    'bzip2-behind-prefix: a tar that begins as bzip2 does, by a name behind a prefix',
    'foreign-magic',
    (to) => beginningWith(MAGICS['bzip2'] ?? Buffer.alloc(0), { ...to, place: 'prefix' }),
  ),
];
