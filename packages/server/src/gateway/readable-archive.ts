/*
 * The gateway passes on some answers without an inspection. No client may be able to unpack them, because a document can send a client to
 * any address. Published text can be written so that it has the header of a tar, and a server can send anything.
 */
const BLOCK = 512;
const CHECKSUM = { start: 148, length: 8, read: 12 } as const;

/** The first bytes of archives that clients unpack. Patterns are long enough that a digest does not match by chance. */
const BEGINNINGS: readonly RegExp[] = [
  // gzip: deflate, without unassigned flags.
  /^\x1f\x8b\x08[\0-\x1f]/,
  /^BZh[1-9](?:1AY&SY|\x17rE8P\x90)/,
  /^\xfd7zXZ\0/,
  /^LZIP/,
  /^\x28\xb5\x2f\xfd/,
  /^\x5d\0\0/,
];
/** The end record of a zip: readers search it from the end, and ignore anything before the archive. */
const ZIP_END = 'PK\x05\x06';
/** The bytes that the patterns look at. */
const HEAD = 16;

/** Whether some client would find an archive in these bytes. */
export function isReadableArchive(bytes: Buffer): boolean {
  return isPackedArchive(bytes) || hasTarHeader(bytes);
}

/**
 * The same without tar, for long lists: among millions of digits, a tar header occurs by chance, and a publisher controls only one line.
 */
export function isPackedArchive(bytes: Buffer): boolean {
  const head = bytes.toString('latin1', 0, HEAD);
  return BEGINNINGS.some((pattern) => pattern.test(head)) || bytes.includes(ZIP_END, 0, 'latin1');
}

/** The bytes at the end in which readers search the end record of a zip. */
const ZIP_TAIL = 0xffff + 22;

/** Whether a client would find a zip at the end of compressed bytes, which may contain its end record by chance. */
export function hasZipAtEnd(bytes: Buffer): boolean {
  return bytes.subarray(-ZIP_TAIL).includes(ZIP_END, 0, 'latin1');
}

/** {@link isReadableArchive} for bytes that arrive in parts. It keeps less than two blocks. */
export class ArchiveSearch {
  /** Whether blocks after the first are searched for zip alone, as in a long list. */
  readonly #isList: boolean;
  #kept: Buffer = Buffer.alloc(0);
  #isHead = true;

  constructor({ isList }: { readonly isList: boolean }) {
    this.#isList = isList;
  }

  /** Whether the bytes so far contain an archive. */
  add(part: Buffer): boolean {
    const bytes = Buffer.concat([this.#kept, part]);
    const last = Math.floor((bytes.length - ZIP_END.length) / BLOCK) * BLOCK;
    this.#kept = bytes.subarray(Math.max(last, 0));
    if (last <= 0) return false;
    return this.#finds(bytes);
  }

  /** The final answer after all bytes. */
  end(): boolean {
    return this.#finds(this.#kept);
  }

  #finds(bytes: Buffer): boolean {
    const isHead = this.#isHead;
    this.#isHead = false;
    if (isHead && isReadableArchive(bytes.subarray(0, BLOCK))) return true;
    return bytes.includes(ZIP_END, 0, 'latin1') || (!this.#isList && hasTarHeader(bytes));
  }
}

/** Whether a block has a valid tar header checksum. Readers look for a header at each block. */
export function hasTarHeader(bytes: Buffer): boolean {
  for (let start = 0; start + BLOCK <= bytes.length; start += BLOCK) {
    const said = checksumsAt(bytes, start + CHECKSUM.start);
    if (said.length === 0) continue;
    const { sum, signedSum } = sumsAt(bytes, start);
    if (said.some((checksum) => checksum === sum || checksum === signedSum)) return true;
  }
  return false;
}

/** The values that lenient readers may parse: octal digits with anything around them, by some past the end of the field. */
function checksumsAt(bytes: Buffer, at: number): number[] {
  const said: number[] = [];
  let value = 0;
  for (let i = at; i < at + CHECKSUM.read; i += 1) {
    const byte = bytes[i]!;
    const isDigit = byte >= 0x30 && byte <= 0x37;
    if (!isDigit && said.length > 0) break;
    if (isDigit) said.push((value = value * 8 + byte - 0x30));
  }
  return said;
}

/** The sums with spaces in place of the checksum. Some readers treat bytes above 0x7F as negative. */
function sumsAt(bytes: Buffer, start: number): { sum: number; signedSum: number } {
  let sum = CHECKSUM.length * 0x20;
  let high = 0;
  for (let i = start; i < start + BLOCK; i += 1) {
    if (i >= start + CHECKSUM.start && i < start + CHECKSUM.start + CHECKSUM.length) continue;
    sum += bytes[i]!;
    if (bytes[i]! > 0x7f) high += 1;
  }
  return { sum, signedSum: sum - 256 * high };
}
