/*
 * The gateway passes on some answers without an inspection. No client may be able to unpack them, because a document can send a client to
 * any address. Published text can be written so that it has the header of a tar, and a server can send anything.
 */
const BLOCK = 512;
const CHECKSUM = { start: 148, length: 8, read: 12 } as const;

/** How archives begin that clients unpack; of those that a digest may begin with by chance, enough bytes to rule that out. */
const BEGINNINGS: readonly RegExp[] = [
  // gzip: deflate, and no flags that are not assigned.
  /^\x1f\x8b\x08[\0-\x1f]/,
  /^BZh[1-9](?:1AY&SY|\x17rE8P\x90)/,
  /^\xfd7zXZ\0/,
  /^LZIP/,
  /^\x28\xb5\x2f\xfd/,
  /^\x5d\0\0/,
];
/** The end record of a zip: readers look for it from the end, and take anything before it. */
const ZIP_END = 'PK\x05\x06';
/** Bytes that the expressions look at. */
const HEAD = 16;

/** Whether some client would find an archive in these bytes. */
export function isReadableArchive(bytes: Buffer): boolean {
  return isPackedArchive(bytes) || hasTarHeader(bytes);
}

/**
 * The same but for tar, whose header is in so many millions of digits by chance: for long lists, of which nobody who publishes
 * chooses more than a line.
 */
export function isPackedArchive(bytes: Buffer): boolean {
  const head = bytes.toString('latin1', 0, HEAD);
  return BEGINNINGS.some((form) => form.test(head)) || bytes.includes(ZIP_END, 0, 'latin1');
}

/** Readers look for the end record of a zip in as many bytes at the end. */
const ZIP_TAIL = 0xffff + 22;

/** Whether some client would find a zip at the end of bytes that are packed otherwise, and have such a record somewhere by chance. */
export function hasZipAtEnd(bytes: Buffer): boolean {
  return bytes.subarray(-ZIP_TAIL).includes(ZIP_END, 0, 'latin1');
}

/** The same as {@link isReadableArchive} for what comes in parts, of which less than two blocks are kept. */
export class ArchiveSearch {
  /** Whether blocks behind the first one are looked at for zip alone: of a long list. */
  readonly #isList: boolean;
  #kept: Buffer = Buffer.alloc(0);
  #isHead = true;

  constructor({ isList }: { readonly isList: boolean }) {
    this.#isList = isList;
  }

  /** Whether there is an archive in what came. */
  add(part: Buffer): boolean {
    const bytes = Buffer.concat([this.#kept, part]);
    const last = Math.floor((bytes.length - ZIP_END.length) / BLOCK) * BLOCK;
    this.#kept = bytes.subarray(Math.max(last, 0));
    if (last <= 0) return false;
    return this.#finds(bytes);
  }

  /** The same, when all came. */
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

/** Whether a block has the checksum of a header of tar. Readers look for one at each block. */
export function hasTarHeader(bytes: Buffer): boolean {
  for (let start = 0; start + BLOCK <= bytes.length; start += BLOCK) {
    const said = checksumsAt(bytes, start + CHECKSUM.start);
    if (said.length === 0) continue;
    const { sum, signedSum } = sumsAt(bytes, start);
    if (said.some((checksum) => checksum === sum || checksum === signedSum)) return true;
  }
  return false;
}

/** Lenient readers accept octal digits with anything before and after them; some read past the end of the field. */
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

/** With spaces for the checksum itself. Bytes above 0x7F are negative for some readers. */
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
