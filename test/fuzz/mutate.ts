/**
 * Changes to archives that keep most of their structure, so that they come past the first checks: whole entries moved,
 * header fields given other values with the checksum made right again, records of extended headers changed.
 */
import { gzip } from '../support/gzip.ts';
import {
  archive,
  base256,
  BLOCK,
  entry,
  FIELDS,
  gnuLongName,
  header,
  pax,
  type FieldName,
  type Part,
} from '../support/tar.ts';
import type { Random } from './random.ts';
import { MAGICS, NAMES, NUMBERS, PREFIXES, RECORDS, SIZES, TYPES } from './values.ts';

/** A part of an archive: an entry with its content, or whatever is between entries. */
export interface Segment {
  bytes: Buffer;
  isHeader: boolean;
}

/** Cuts a tar at its headers, going by octal sizes; what is no header is a segment of one block. */
export function segmentsOf(tar: Buffer): Segment[] {
  const found: Segment[] = [];
  for (let at = 0; at < tar.length;) {
    const isHeader = at + BLOCK <= tar.length && tar[at] !== 0;
    const octal = isHeader ? Number.parseInt(tar.toString('latin1', at + 124, at + 135), 8) : 0;
    const size = octal > 0 ? octal : 0;
    const stop = Math.min(tar.length, at + BLOCK + Math.ceil(size / BLOCK) * BLOCK);
    found.push({ bytes: Buffer.from(tar.subarray(at, stop)), isHeader });
    at = stop;
  }
  return found;
}

function fieldValue(random: Random, field: FieldName): Buffer {
  const length = FIELDS[field][1];
  const from = (values: readonly Buffer[]): Buffer =>
    Buffer.concat([random.pick(values), Buffer.alloc(length)]).subarray(0, length);
  if (random.chance(8)) return random.bytes(length);
  switch (field) {
    case 'name':
    case 'linkname':
      return from(NAMES);
    case 'prefix':
      return from(PREFIXES);
    case 'typeflag':
      return Buffer.from([random.pick(TYPES).charCodeAt(0)]);
    case 'magic':
      return Buffer.from(random.pick(MAGICS), 'latin1').subarray(0, length);
    case 'size':
    case 'mtime':
      return random.chance(6) ? base256(BigInt(random.int(2000)), 12) : from(SIZES);
    default:
      return random.chance(6) ? base256(BigInt(random.int(0o7777)), length) : from(NUMBERS);
  }
}

/** Writes the checksum that fits; as most writers, sometimes in another form. */
export function fixChecksum(block: Buffer, form = 0): void {
  block.fill(0x20, 148, 156);
  let sum = 0;
  for (let at = 0; at < BLOCK; at++) sum += block[at] ?? 0;
  const octal = sum.toString(8);
  const forms = [
    `${octal.padStart(6, '0')}\0 `,
    `${octal.padStart(6, '0')} \0`,
    `${octal.padStart(7, '0')}\0`,
    octal.padStart(8, '0'),
    `${octal}\0`.padEnd(8, '\0'),
    `${octal} `.padStart(8, ' '),
    octal.padStart(8, ' '),
  ];
  block.write(forms[form] ?? forms[0] ?? '', 148, 8, 'latin1');
}

const FIELDS_TO_CHANGE = Object.keys(FIELDS).filter((name) => name !== 'checksum') as FieldName[];

type Change = (segments: Segment[], random: Random) => void;

function anyHeader(segments: Segment[], random: Random): Buffer | undefined {
  const headers = segments.filter((segment) => segment.isHeader);
  return headers.length === 0 ? undefined : random.pick(headers).bytes;
}

function insert(segments: Segment[], random: Random, part: Part): void {
  segments.splice(random.int(segments.length + 1), 0, { bytes: archive(part), isHeader: true });
}

const changes: readonly Change[] = [
  // a field of a header
  (segments, random) => {
    const block = anyHeader(segments, random);
    if (!block || block.length < BLOCK) return;
    const field = random.pick(FIELDS_TO_CHANGE);
    block.set(fieldValue(random, field), FIELDS[field][0]);
    fixChecksum(block, random.chance(4) ? random.int(7) : 0);
  },
  // one byte of a header, with the checksum made right
  (segments, random) => {
    const block = anyHeader(segments, random);
    if (!block || block.length < BLOCK) return;
    block[random.int(BLOCK)] = random.chance(2)
      ? random.int(256)
      : random.pick([0, 0x20, 0x2f, 0x30, 0x2e, 0x0a, 0x80, 0xff]);
    fixChecksum(block);
  },
  // a size that leaves the end of the content out, in the same blocks: of extended headers above all
  (segments, random) => {
    const extended = segments.filter(
      ({ bytes, isHeader }) => isHeader && 'xgLK'.includes(String.fromCharCode(bytes[156] ?? 0)),
    );
    const block = extended.length === 0 ? anyHeader(segments, random) : random.pick(extended).bytes;
    if (!block || block.length <= BLOCK) return;
    const size = Number.parseInt(block.toString('latin1', 124, 135), 8);
    const blocks = Math.ceil(size / BLOCK);
    const least = (blocks - 1) * BLOCK;
    if (!(size - least > 1)) return;
    const shorter = least + 1 + random.int(size - least - 1);
    block.write(`${shorter.toString(8).padStart(11, '0')}\0`, 124, 12, 'latin1');
    fixChecksum(block);
  },
  // one byte anywhere
  (segments, random) => {
    const { bytes } = random.pick(segments);
    bytes[random.int(bytes.length)] = random.int(256);
  },
  // one byte of a content, or of an extended header
  (segments, random) => {
    const { bytes } = random.pick(segments);
    if (bytes.length > BLOCK)
      bytes[BLOCK + random.int(bytes.length - BLOCK)] = random.pick([
        0x0a, 0x3d, 0x20, 0x31, 0x2f, 0, 0xc3, 0x61,
      ]);
  },
  // a piece of one content, or of an extended header, over or into another
  (segments, random) => {
    const from = random.pick(segments).bytes;
    const to = random.pick(segments).bytes;
    if (from.length <= BLOCK || to.length <= BLOCK) return;
    const start = BLOCK + random.int(from.length - BLOCK);
    const piece = Buffer.from(from.subarray(start, start + 1 + random.int(40)));
    to.set(
      piece.subarray(0, to.length - BLOCK),
      BLOCK + random.int(Math.max(1, to.length - BLOCK - piece.length)),
    );
  },
  (segments, random) =>
    void (segments.length > 1 && segments.splice(random.int(segments.length), 1)),
  (segments, random) => {
    const { bytes, isHeader } = random.pick(segments);
    segments.splice(random.int(segments.length + 1), 0, { bytes: Buffer.from(bytes), isHeader });
  },
  (segments, random) => {
    const at = random.int(segments.length);
    const [moved] = segments.splice(at, 1);
    if (moved) segments.splice(random.int(segments.length + 1), 0, moved);
  },
  (segments, random) => insert(segments, random, Buffer.alloc(BLOCK)),
  (segments, random) =>
    insert(
      segments,
      random,
      entry({ name: random.pick(NAMES), body: random.pick(['', 'x', 'y'.repeat(600)]) }),
    ),
  (segments, random) =>
    insert(
      segments,
      random,
      entry({
        name: `package/new-${random.int(99)}.js`,
        mode: random.pick([0o644, 0o755, 0o654]),
        body: 'new',
      }),
    ),
  (segments, random) => {
    const records = Array.from({ length: 1 + random.int(3) }, () => random.pick(RECORDS));
    insert(segments, random, pax(records, { global: random.chance(4) }));
  },
  // an extended header and an entry that it belongs to
  (segments, random) => {
    const name = `package/pax-${random.int(99)}.js`;
    const records = [random.pick(RECORDS), ['path', name] as const];
    insert(segments, random, [
      pax(random.chance(2) ? records : records.slice(0, 1)),
      entry({ name, body: 'pax' }),
    ]);
  },
  (segments, random) => insert(segments, random, gnuLongName(`package/long-${random.int(99)}.js`)),
  (segments, random) =>
    insert(
      segments,
      random,
      header({
        name: 'package/odd',
        typeflag: random.pick(TYPES),
        linkname: random.pick(['', 'index.js']),
      }),
    ),
  (segments, random) => {
    const last = segments.at(-1);
    if (last) last.bytes = last.bytes.subarray(0, random.int(last.bytes.length + 1));
  },
  (segments, random) =>
    void segments.push({ bytes: Buffer.alloc(random.int(1500)), isHeader: false }),
];

/** A changed copy of a tar, by one to four changes. */
export function mutateTar(tar: Buffer, random: Random): Buffer {
  const segments = segmentsOf(tar);
  for (let left = 1 + random.int(4); left > 0; left--)
    if (segments.length > 0) random.pick(changes)(segments, random);
  return Buffer.concat(segments.map(({ bytes }) => bytes));
}

/** Compresses a tar, now and then in an odd way, and now and then with a byte changed after it. */
export function compress(tar: Buffer, random: Random): Buffer {
  const level = random.int(10);
  const odd = random.int(30);
  switch (odd) {
    case 0:
      return gzip(tar, {
        level,
        trailing: random.chance(2)
          ? random.bytes(random.int(20))
          : Buffer.alloc(random.int(10_300)),
      });
    case 1:
      return gzip(tar, { level, splitAt: [random.int(tar.length + 1)] });
    case 2:
      return gzip(tar, { level, flags: 1 << random.int(8) });
    case 3:
      return gzip(tar, { level, name: 'package.tar', comment: 'x' });
    case 4:
      return gzip(tar, { level, cut: random.int(30) });
    case 5: {
      const bytes = gzip(tar, { level });
      bytes[random.int(bytes.length)] = random.int(256);
      return bytes;
    }
    default:
      return gzip(tar, { level });
  }
}
