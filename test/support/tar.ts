/**
 * Tar bytes from code, well formed by default, with every field open to being wrong.
 *
 * A part is either bytes or a list of parts, so that an entry with its PAX header is one value:
 *
 *     archive(pax({ path: 'package/long' }), entry({ name: 'package/short', body: 'x' }), end())
 *
 * Nothing here reads tar: the readers under test and the oracles do.
 */

/** Text is written as UTF-8; a Buffer is written as it is, so that names need not be valid UTF-8. */
export type Bytes = string | Uint8Array;

/** Bytes of an archive, or a list of them in order. */
export type Part = Uint8Array | readonly Part[];

/** How a number is written: octal text, base-256 (GNU), nothing at all, or the given bytes. */
export type NumberField =
  | number
  | bigint
  | null
  | Uint8Array
  | { base256: bigint | number }
  | { text: string };

/** One header field, for overriding its bytes. Offset and length in bytes, as POSIX ustar lays them out. */
export const FIELDS = {
  name: [0, 100],
  mode: [100, 8],
  uid: [108, 8],
  gid: [116, 8],
  size: [124, 12],
  mtime: [136, 12],
  checksum: [148, 8],
  typeflag: [156, 1],
  linkname: [157, 100],
  magic: [257, 6],
  version: [263, 2],
  uname: [265, 32],
  gname: [297, 32],
  devmajor: [329, 8],
  devminor: [337, 8],
  prefix: [345, 155],
  padding: [500, 12],
} as const;

export type FieldName = keyof typeof FIELDS;

export interface HeaderOptions {
  name?: Bytes;
  mode?: NumberField;
  uid?: NumberField;
  gid?: NumberField;
  size?: NumberField;
  mtime?: NumberField;
  /** One character, or the byte itself. `'0'` (a file) unless given. */
  typeflag?: string | number;
  linkname?: Bytes;
  magic?: 'ustar' | 'gnu' | 'v7' | Uint8Array;
  version?: Bytes;
  uname?: Bytes;
  gname?: Bytes;
  devmajor?: NumberField;
  devminor?: NumberField;
  prefix?: Bytes;
  /** `ok`: the unsigned sum. `signed`: the sum over signed bytes. A number is written in octal. */
  checksum?: 'ok' | 'signed' | number | Uint8Array;
  /** Bytes laid over a field after all else is written, before the checksum is computed. */
  raw?: Partial<Record<FieldName, Uint8Array>>;
}

export interface EntryOptions extends HeaderOptions {
  body?: Bytes;
  /** What the header says the size is, where that is not the length of the body. */
  declaredSize?: NumberField;
  /** Pad the body to a whole block (default), or leave it as it is. */
  pad?: boolean;
}

/** Records of an extended header in order, keys may repeat. A `length` overrides the one computed. */
export type PaxRecords = Readonly<Record<string, Bytes>> | readonly PaxRecord[];
export type PaxRecord = readonly [key: string, value: Bytes, length?: number | string];

export const BLOCK = 512;
export const zeroBlock: Uint8Array = Buffer.alloc(BLOCK);

export function bytes(value: Bytes): Buffer {
  return typeof value === 'string' ? Buffer.from(value, 'utf8') : Buffer.from(value);
}

function numberField(value: NumberField, length: number): Buffer {
  if (value === null) return Buffer.alloc(length);
  if (value instanceof Uint8Array) return Buffer.from(value);
  if (typeof value === 'object' && 'text' in value) return Buffer.from(value.text, 'latin1');
  if (typeof value === 'object') return base256(BigInt(value.base256), length);
  const octal = value.toString(8);
  if (octal.startsWith('-') || octal.length > length - 1) return base256(BigInt(value), length);
  return Buffer.from(`${octal.padStart(length - 1, '0')}\0`, 'latin1');
}

/** GNU base-256: two's complement, most significant byte first, top bit of the first byte set. */
export function base256(value: bigint, length: number): Buffer {
  const out = Buffer.alloc(length);
  let rest = BigInt.asUintN(length * 8, value);
  for (let i = length - 1; i >= 0; i--) {
    out[i] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  out[0] = (out[0] ?? 0) | 0x80;
  return out;
}

function put(block: Buffer, field: FieldName, value: Uint8Array): void {
  const [offset, length] = FIELDS[field];
  if (value.length > length)
    throw new RangeError(`${field} takes ${length} bytes, not ${value.length}`);
  block.set(value, offset);
}

const MAGIC = {
  ustar: ['ustar\0', '00'],
  gnu: ['ustar ', ' \0'],
  v7: ['', ''],
} as const;

function checksumField(block: Buffer, checksum: HeaderOptions['checksum']): Buffer {
  if (checksum instanceof Uint8Array) return Buffer.from(checksum);
  let sum = typeof checksum === 'number' ? checksum : 0;
  if (typeof checksum !== 'number') {
    const [start, length] = FIELDS.checksum;
    for (let i = 0; i < BLOCK; i++) {
      const byte = i >= start && i < start + length ? 0x20 : (block[i] ?? 0);
      sum += checksum === 'signed' && byte > 127 ? byte - 256 : byte;
    }
  }
  return Buffer.from(`${sum.toString(8).padStart(6, '0')}\0 `, 'latin1');
}

/** One 512-byte header block. */
export function header(options: HeaderOptions = {}): Buffer {
  const block = Buffer.alloc(BLOCK);
  const magic = options.magic ?? 'ustar';
  put(block, 'name', bytes(options.name ?? 'package/file'));
  put(block, 'mode', numberField(options.mode === undefined ? 0o644 : options.mode, 8));
  put(block, 'uid', numberField(options.uid === undefined ? 0 : options.uid, 8));
  put(block, 'gid', numberField(options.gid === undefined ? 0 : options.gid, 8));
  put(block, 'size', numberField(options.size === undefined ? 0 : options.size, 12));
  put(block, 'mtime', numberField(options.mtime === undefined ? 499162500 : options.mtime, 12));
  const typeflag = options.typeflag ?? '0';
  put(
    block,
    'typeflag',
    typeof typeflag === 'number' ? Buffer.from([typeflag]) : Buffer.from(typeflag, 'latin1'),
  );
  put(block, 'linkname', bytes(options.linkname ?? ''));
  if (typeof magic === 'string') {
    put(block, 'magic', Buffer.from(MAGIC[magic][0], 'latin1'));
    put(block, 'version', Buffer.from(MAGIC[magic][1], 'latin1'));
  } else {
    put(block, 'magic', magic);
  }
  if (options.version !== undefined) put(block, 'version', bytes(options.version));
  if (options.uname !== undefined) put(block, 'uname', bytes(options.uname));
  if (options.gname !== undefined) put(block, 'gname', bytes(options.gname));
  if (options.devmajor !== undefined) put(block, 'devmajor', numberField(options.devmajor, 8));
  if (options.devminor !== undefined) put(block, 'devminor', numberField(options.devminor, 8));
  if (options.prefix !== undefined) put(block, 'prefix', bytes(options.prefix));
  for (const [field, value] of Object.entries(options.raw ?? {}))
    put(block, field as FieldName, value);
  if (options.raw?.checksum === undefined)
    put(block, 'checksum', checksumField(block, options.checksum));
  return block;
}

function padded(body: Buffer): Buffer {
  const rest = body.length % BLOCK;
  return rest === 0 ? body : Buffer.concat([body, Buffer.alloc(BLOCK - rest)]);
}

/** A header followed by its body, padded to whole blocks. */
export function entry(options: EntryOptions = {}): Buffer {
  const body = bytes(options.body ?? '');
  const size =
    options.declaredSize !== undefined ? options.declaredSize : (options.size ?? body.length);
  return Buffer.concat([header({ ...options, size }), options.pad === false ? body : padded(body)]);
}

/** The body of an extended header: `<length> <key>=<value>\n` records. */
export function paxBody(records: PaxRecords): Buffer {
  const list: readonly PaxRecord[] = Array.isArray(records)
    ? (records as readonly PaxRecord[])
    : Object.entries(records as Record<string, Bytes>);
  return Buffer.concat(list.map(([key, value, length]) => paxRecord(key, value, length)));
}

function paxRecord(key: string, value: Bytes, length?: number | string): Buffer {
  const tail = Buffer.concat([Buffer.from(` ${key}=`), bytes(value), Buffer.from('\n')]);
  let total = tail.length + 1;
  while (String(total).length + tail.length > total) total++;
  return Buffer.concat([Buffer.from(String(length ?? total)), tail]);
}

export interface PaxOptions extends Omit<EntryOptions, 'body'> {
  /** A global header (`g`) instead of a local one (`x`). */
  global?: boolean;
}

/** An extended header entry. Give records, or the body's bytes to break their syntax. */
export function pax(records: PaxRecords | Uint8Array, options: PaxOptions = {}): Buffer {
  const { global, ...rest } = options;
  return entry({
    name: global === true ? 'pax_global_header' : 'PaxHeader/file',
    typeflag: global === true ? 'g' : 'x',
    ...rest,
    body: records instanceof Uint8Array ? records : paxBody(records),
  });
}

/** GNU long name: the next entry's path, whatever its header says. Ends with NUL unless given as bytes. */
export function gnuLongName(name: Bytes, options: Omit<EntryOptions, 'body'> = {}): Buffer {
  return entry({
    name: '././@LongLink',
    typeflag: 'L',
    magic: 'gnu',
    ...options,
    body: withNul(name),
  });
}

/** GNU long link: the next entry's link target. */
export function gnuLongLink(target: Bytes, options: Omit<EntryOptions, 'body'> = {}): Buffer {
  return entry({
    name: '././@LongLink',
    typeflag: 'K',
    magic: 'gnu',
    ...options,
    body: withNul(target),
  });
}

function withNul(value: Bytes): Bytes {
  return typeof value === 'string' ? `${value}\0` : value;
}

/** The end of an archive: two zero blocks unless told otherwise. */
export function end(blocks = 2): Buffer {
  return Buffer.alloc(blocks * BLOCK);
}

/** Parts in order. Nothing is added: give `end()` where an end marker is wanted. */
export function archive(...parts: readonly Part[]): Buffer {
  return Buffer.concat(flatten(parts));
}

function flatten(parts: readonly Part[]): Uint8Array[] {
  return parts.flatMap((part) => (part instanceof Uint8Array ? [part] : flatten(part)));
}

/** A symbolic link. */
export const linkTo = (name: Bytes, linkname: Bytes): Buffer =>
  entry({ name, typeflag: '2', linkname });

export const hardLinkTo = (name: Bytes, linkname: Bytes): Buffer =>
  entry({ name, typeflag: '1', linkname });
