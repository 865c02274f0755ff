/**
 * Zip bytes from code (APPNOTE 6.3), well formed by default. Each entry has two headers, in the central directory and
 * before its data, and each field of either can be made to differ from the other.
 */
import { crc32, deflateRawSync } from 'node:zlib';
import { bytes, type Bytes } from './tar.ts';

export const UNIX = {
  file: 0o100000,
  directory: 0o040000,
  symlink: 0o120000,
  fifo: 0o010000,
  characterDevice: 0o020000,
} as const;

export interface ZipFields {
  name?: Bytes;
  /** 0 stored, 8 deflated. Any other number is written as it is. */
  method?: number;
  flags?: number;
  crc?: number;
  compressedSize?: number;
  size?: number;
  extra?: Uint8Array;
  versionNeeded?: number;
}

export interface ZipEntry extends ZipFields {
  body?: Bytes;
  /** Unix type and permissions, in the upper half of the external attributes. A file of 0644 unless given. */
  mode?: number;
  /** Lower half of the external attributes: 0x10 is a folder of MS-DOS. */
  dosAttributes?: number;
  /** System in `version made by`: 3 is Unix, 0 MS-DOS. */
  madeBy?: number;
  comment?: Bytes;
  /** Compressed bytes instead of what deflate makes of the body. */
  data?: Uint8Array;
  /** Fields that differ in the header before the data. */
  local?: ZipFields;
  /** Fields that differ in the central directory. */
  central?: ZipFields & { offset?: number; diskStart?: number };
  /** Sizes and CRC in a descriptor after the data, zeros before it; `nosig` leaves its signature out. */
  descriptor?: boolean | 'nosig';
  /** Sizes and offset in a zip64 extra field. */
  zip64?: boolean;
  /** Leave the entry out of the central directory, or out of the data. */
  omit?: 'central' | 'local';
  /** Bytes laid before the header before the data. */
  gap?: Uint8Array;
}

export interface ZipOptions {
  /** Bytes before the first entry. With `shift` (default), offsets count them. */
  prefix?: Uint8Array;
  shift?: boolean;
  comment?: Bytes;
  /** Bytes between the data and the central directory. */
  beforeCentral?: Uint8Array;
  /** Bytes after the end record. */
  trailing?: Uint8Array;
  /** Fields of the end record, where they should be wrong. */
  end?: {
    entries?: number;
    entriesOnDisk?: number;
    size?: number;
    offset?: number;
    disk?: number;
    centralDisk?: number;
    commentLength?: number;
  };
  /** Write a zip64 end record and locator. */
  zip64?: boolean;
}

/** 1984-06-22 21:50:00, as Yarn writes every entry. */
const TIME = 0xae40;
const DATE = 0x08d6;

/** Little-endian fields: `[bytes, value]`. */
function pack(...fields: readonly (readonly [width: 2 | 4 | 8, value: number])[]): Buffer {
  return Buffer.concat(
    fields.map(([width, value]) => {
      const out = Buffer.alloc(width);
      if (width === 8) out.writeBigUInt64LE(BigInt(value));
      else out.writeUIntLE(width === 2 ? value & 0xffff : value >>> 0, 0, width);
      return out;
    }),
  );
}

interface Laid {
  local: Buffer;
  central: Buffer;
}

/** Both headers of an entry whose local header lies at `offset`. */
function lay(entry: ZipEntry, offset: number): Laid {
  const body = bytes(entry.body ?? '');
  const method = entry.method ?? (body.length === 0 ? 0 : 8);
  const data = entry.data ?? (method === 8 ? deflateRawSync(body) : body);
  const common: Required<ZipFields> = {
    name: entry.name ?? 'file',
    method,
    flags:
      (entry.flags ?? 0x0800) |
      (entry.descriptor === undefined || entry.descriptor === false ? 0 : 0x0008),
    crc: entry.crc ?? crc32(body),
    compressedSize: entry.compressedSize ?? data.length,
    size: entry.size ?? body.length,
    extra: entry.extra ?? Buffer.alloc(0),
    versionNeeded: entry.versionNeeded ?? (entry.zip64 === true ? 45 : 20),
  };
  const blank =
    entry.descriptor === undefined || entry.descriptor === false
      ? {}
      : { crc: 0, compressedSize: 0, size: 0 };
  const local = { ...common, ...blank, ...entry.local };
  const central = { offset, diskStart: 0, ...common, ...entry.central };
  const header = Buffer.concat([
    pack([4, 0x04034b50], [2, local.versionNeeded]),
    fields(local, entry.zip64 === true ? [local.size, local.compressedSize] : undefined),
  ]);
  const descriptor =
    entry.descriptor === undefined || entry.descriptor === false
      ? Buffer.alloc(0)
      : Buffer.concat([
          entry.descriptor === 'nosig' ? Buffer.alloc(0) : pack([4, 0x08074b50]),
          pack([4, common.crc], [4, common.compressedSize], [4, common.size]),
        ]);
  const comment = bytes(entry.comment ?? '');
  const tail = pack(
    [2, comment.length],
    [2, central.diskStart],
    [2, 0],
    [2, entry.dosAttributes ?? 0],
    [2, entry.mode ?? UNIX.file | 0o644],
    [4, entry.zip64 === true ? 0xffffffff : central.offset],
  );
  const directory = Buffer.concat([
    pack([4, 0x02014b50], [2, ((entry.madeBy ?? 3) << 8) | 63], [2, central.versionNeeded]),
    fields(
      central,
      entry.zip64 === true ? [central.size, central.compressedSize, central.offset] : undefined,
      tail,
    ),
    comment,
  ]);
  return { local: Buffer.concat([header, data, descriptor]), central: directory };
}

/** From the flags to the extra field, `tail` being what the central directory has between lengths and name. */
function fields(
  of: Required<ZipFields>,
  zip64?: number[],
  tail: Uint8Array = Buffer.alloc(0),
): Buffer {
  const name = bytes(of.name);
  const large =
    zip64 === undefined
      ? Buffer.alloc(0)
      : pack([2, 1], [2, zip64.length * 8], ...zip64.map((value) => [8, value] as const));
  const extra = Buffer.concat([large, of.extra]);
  const sizes = zip64 === undefined ? [of.compressedSize, of.size] : [0xffffffff, 0xffffffff];
  const head = pack(
    [2, of.flags],
    [2, of.method],
    [2, TIME],
    [2, DATE],
    [4, of.crc],
    [4, sizes[0] ?? 0],
    [4, sizes[1] ?? 0],
    [2, name.length],
    [2, extra.length],
  );
  return Buffer.concat([head, tail, name, extra]);
}

/** A zip of these entries, in this order. */
export function zip(entries: readonly ZipEntry[], options: ZipOptions = {}): Buffer {
  const prefix = options.prefix ?? Buffer.alloc(0);
  const parts: Uint8Array[] = [prefix];
  const directory: Buffer[] = [];
  let offset = options.shift === false ? 0 : prefix.length;
  for (const entry of entries) {
    const gap = entry.gap ?? Buffer.alloc(0);
    const { local, central } = lay(entry, offset + gap.length);
    if (entry.omit !== 'central') directory.push(central);
    if (entry.omit === 'local') continue;
    parts.push(gap, local);
    offset += gap.length + local.length;
  }
  const beforeCentral = options.beforeCentral ?? Buffer.alloc(0);
  offset += beforeCentral.length;
  const central = Buffer.concat(directory);
  const count = directory.length;
  const end = {
    disk: 0,
    centralDisk: 0,
    entries: count,
    entriesOnDisk: count,
    size: central.length,
    offset,
    ...options.end,
  };
  const comment = bytes(options.comment ?? '');
  const large =
    options.zip64 === true
      ? [
          pack(
            [4, 0x06064b50],
            [8, 44],
            [2, 0x033f],
            [2, 45],
            [4, 0],
            [4, 0],
            [8, end.entriesOnDisk],
            [8, end.entries],
            [8, end.size],
            [8, end.offset],
          ),
          pack([4, 0x07064b50], [4, 0], [8, offset + central.length], [4, 1]),
        ]
      : [];
  const is64 = options.zip64 === true;
  const record = pack(
    [4, 0x06054b50],
    [2, end.disk],
    [2, end.centralDisk],
    [2, is64 ? 0xffff : end.entriesOnDisk],
    [2, is64 ? 0xffff : end.entries],
    [4, is64 ? 0xffffffff : end.size],
    [4, is64 ? 0xffffffff : end.offset],
    [2, end.commentLength ?? comment.length],
  );
  return Buffer.concat([
    ...parts,
    beforeCentral,
    central,
    ...large,
    record,
    comment,
    options.trailing ?? Buffer.alloc(0),
  ]);
}

/** A symlink entry: the target is its body. */
export function zipSymlink(name: Bytes, target: Bytes): ZipEntry {
  return { name, body: target, method: 0, mode: UNIX.symlink | 0o777 };
}
