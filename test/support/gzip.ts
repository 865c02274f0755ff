/**
 * Gzip members from code (RFC 1952), well formed by default, with every field open to being wrong.
 */
import { createHash } from 'node:crypto';
import { constants, crc32, deflateRawSync } from 'node:zlib';

export interface GzipMemberOptions {
  /** Deflate level, 9 unless given. 0 writes stored blocks. */
  level?: number;
  /** Compressed data instead of what deflate makes of the input. */
  deflated?: Uint8Array;
  /** Header flags besides those that the optional fields below set; `0x20` and up are reserved. */
  flags?: number;
  magic?: Uint8Array;
  method?: number;
  mtime?: number;
  xfl?: number;
  os?: number;
  /** FEXTRA, without its length. */
  extra?: Uint8Array;
  /** FNAME; the ending zero is added. */
  name?: string;
  /** FCOMMENT; the ending zero is added. */
  comment?: string;
  /** FHCRC: `true` for the right one. */
  headerCrc?: boolean | number;
  /** CRC-32 of the data, where it should be wrong. */
  crc?: number;
  /** Length of the data modulo 2^32, where it should be wrong. */
  isize?: number;
  /** Leave out the last bytes of the member. */
  cut?: number;
}

export interface GzipOptions extends GzipMemberOptions {
  /** Start with a member of no data. */
  emptyMemberFirst?: boolean;
  /** Cut the data here and write it as several members. Offsets in bytes, rising. */
  splitAt?: readonly number[];
  /** Data of more members, each right in itself. */
  members?: readonly Uint8Array[];
  /** Bytes after the last member. */
  trailing?: Uint8Array;
}

const FLAG = { headerCrc: 0x02, extra: 0x04, name: 0x08, comment: 0x10 } as const;

function u16(value: number): Buffer {
  const out = Buffer.alloc(2);
  out.writeUInt16LE(value & 0xffff);
  return out;
}

function u32(value: number): Buffer {
  const out = Buffer.alloc(4);
  out.writeUInt32LE(value >>> 0);
  return out;
}

function memberHeader(options: GzipMemberOptions): Buffer {
  const { extra, name, comment, headerCrc } = options;
  let flags = options.flags ?? 0;
  if (headerCrc !== undefined && headerCrc !== false) flags |= FLAG.headerCrc;
  if (extra !== undefined) flags |= FLAG.extra;
  if (name !== undefined) flags |= FLAG.name;
  if (comment !== undefined) flags |= FLAG.comment;
  const head = Buffer.concat([
    options.magic ?? Buffer.from([0x1f, 0x8b]),
    Buffer.from([options.method ?? 8, flags]),
    u32(options.mtime ?? 0),
    Buffer.from([options.xfl ?? 2, options.os ?? 255]),
    extra === undefined ? Buffer.alloc(0) : Buffer.concat([u16(extra.length), extra]),
    name === undefined ? Buffer.alloc(0) : Buffer.from(`${name}\0`, 'latin1'),
    comment === undefined ? Buffer.alloc(0) : Buffer.from(`${comment}\0`, 'latin1'),
  ]);
  if (headerCrc === undefined || headerCrc === false) return head;
  return Buffer.concat([head, u16(headerCrc === true ? crc32(head) : headerCrc)]);
}

/** One member: header, deflate data, CRC-32 and length. */
export function gzipMember(data: Uint8Array, options: GzipMemberOptions = {}): Buffer {
  const member = Buffer.concat([
    memberHeader(options),
    options.deflated ?? deflateRawSync(data, { level: options.level ?? 9 }),
    u32(options.crc ?? crc32(data)),
    u32(options.isize ?? data.length),
  ]);
  return member.subarray(0, member.length - (options.cut ?? 0));
}

/** A gzip file of one member, unless the options ask for more. Member options apply to the first member with data. */
export function gzip(data: Uint8Array, options: GzipOptions = {}): Buffer {
  const { emptyMemberFirst, splitAt, members, trailing, ...member } = options;
  const cuts = [0, ...(splitAt ?? []), data.length];
  const pieces = cuts.slice(1).map((to, i) => data.subarray(cuts[i], to));
  return Buffer.concat([
    emptyMemberFirst === true ? gzipMember(Buffer.alloc(0)) : Buffer.alloc(0),
    ...pieces.map((piece, i) => gzipMember(piece, i === 0 ? member : {})),
    ...(members ?? []).map((extra) => gzipMember(extra)),
    trailing ?? Buffer.alloc(0),
  ]);
}

const MEBIBYTE = 1024 * 1024;

/**
 * `head`, then that many MiB of zeros in one member, without ever holding them: some 1 kB a MiB. With `noise`, each MiB
 * begins with that many bytes that do not compress, to keep the ratio below a limit.
 */
export function gzipWithZeros(head: Uint8Array, mebibytes: number, noise = 0): Buffer {
  const mebibyte = Buffer.alloc(MEBIBYTE);
  if (noise > 0)
    mebibyte.set(createHash('shake256', { outputLength: noise }).update('noise').digest());
  // A sync flush ends on a byte and without the final bit, so that the pieces can be laid end to end.
  const flushed = { finishFlush: constants.Z_SYNC_FLUSH };
  const piece = deflateRawSync(mebibyte, flushed);
  let crc = crc32(head);
  for (let i = 0; i < mebibytes; i++) crc = crc32(mebibyte, crc);
  const pieces = Array.from({ length: mebibytes }, () => piece);
  return gzipMember(Buffer.alloc(0), {
    deflated: Buffer.concat([deflateRawSync(head, flushed), ...pieces, Buffer.from([0x03, 0x00])]),
    crc,
    isize: head.length + mebibytes * MEBIBYTE,
  });
}
