/*
 * The bytes of a seal. Numbers are big-endian, and each list of entries has exactly one encoding.
 *
 *   "tarwarden seal 1\n"
 *   text    the use
 *   text    the name of the folder
 *   entry   for each file, folder and link, in the order of comparePaths
 *   32      HMAC-SHA-256 of all bytes before
 *
 *   text    2 bytes: length; then the bytes
 *   entry   1 byte: "f", "d" or "l"; text: path
 *           f: 2 bytes: mode; 6 bytes: size; 32 bytes: SHA-256
 *           d: 2 bytes: mode
 *           l: text: target
 *
 * A path is relative to the folder, with "/" between its names. It may contain any other byte but NUL.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

/* Bounds of a seal and of the folder that it lists. */

/** Entries below one folder. Seen: 180,000, in the store of a large monorepo. */
export const ENTRIES_MAX = 1_000_000;

/** Bytes of a seal, which is read into memory. A million entries with paths of 200 bytes fit. */
export const SEAL_BYTES_MAX: number = 256 * 1024 * 1024;

/** Bytes of a path below the folder, and of a link's target: Linux allows no longer path. */
export const PATH_BYTES_MAX = 4096;

/** Folders in folders. Seen: 30. */
export const DEPTH_MAX = 256;

/** Bytes of the name of a use. */
export const USE_BYTES_MAX = 1024;

/** Differences that are kept. All of them are counted. */
export const DIFFERENCES_MAX = 1000;

export type SealedEntry =
  | { readonly kind: 'file'; readonly path: Buffer; readonly content: FileContent }
  | { readonly kind: 'folder'; readonly path: Buffer; readonly mode: number }
  | { readonly kind: 'link'; readonly path: Buffer; readonly target: Buffer };

export interface FileContent {
  readonly mode: number;
  readonly size: number;
  readonly sha256: Uint8Array;
}

/** The subject of a seal: it counts for this use, and for a folder of this name. */
export interface Sealed {
  readonly key: Buffer;
  readonly use: string;
  readonly folderName: string;
}

/** The permissions, setuid, setgid and sticky bits. */
export const MODE_BITS = 0o7777;

const MAGIC = Buffer.from('tarwarden seal 1\n');
const MAC_BYTES = 32;
const HASH_BYTES = 32;
const SLASH = 0x2f;
const KINDS = { file: 0x66, folder: 0x64, link: 0x6c } as const;

/** Encodes the entries of one folder, which have to be added in order. */
export class SealEncoder {
  readonly #key: Buffer;
  #bytes: Buffer = Buffer.allocUnsafeSlow(64 * 1024);
  #length = 0;

  constructor({ key, use, folderName }: Sealed) {
    this.#key = key;
    this.#push(MAGIC);
    this.#text(Buffer.from(use));
    this.#text(Buffer.from(folderName));
  }

  /** Returns whether the seal is still short enough. */
  add(entry: SealedEntry): boolean {
    this.#number(KINDS[entry.kind], 1);
    this.#text(entry.path);
    if (entry.kind === 'link') this.#text(entry.target);
    else if (entry.kind === 'folder') this.#number(entry.mode, 2);
    else {
      this.#number(entry.content.mode, 2);
      this.#number(entry.content.size, 6);
      this.#push(entry.content.sha256);
    }
    return this.#length + MAC_BYTES <= SEAL_BYTES_MAX;
  }

  end(): Buffer {
    this.#push(mac(this.#bytes.subarray(0, this.#length), this.#key));
    return this.#bytes.subarray(0, this.#length);
  }

  #text(bytes: Buffer): void {
    this.#number(bytes.length, 2);
    this.#push(bytes);
  }

  #number(value: number, count: number): void {
    this.#reserve(count);
    this.#length = this.#bytes.writeUIntBE(value, this.#length, count);
  }

  #push(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(2 * this.#bytes.length + count);
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}

function mac(body: Uint8Array, key: Buffer): Buffer {
  return createHmac('sha256', key).update(body).digest();
}

/**
 * Orders paths as a walk meets them: the names in a folder by their bytes, and a folder before its content. Two paths that are equal
 * give 0.
 */
export function comparePaths(first: Uint8Array, second: Uint8Array): number {
  const end = Math.min(first.length, second.length);
  let index = 0;
  while (index < end && first[index] === second[index]) index += 1;
  if (index === end) return first.length - second.length;
  return rank(first[index]!) - rank(second[index]!);
}

/** The byte between names comes first. No name contains NUL, which has the same rank. */
function rank(byte: number): number {
  return byte === SLASH ? 0 : byte;
}

/** The entries of a seal, or the reason why it does not count, as the rest of a sentence about the seal. */
export type OpenedSeal =
  | { readonly entries: Iterator<SealedEntry, undefined, undefined> }
  | { readonly reason: string };

/**
 * Opens a seal. It reads nothing before the code at the end fits, so a person without the key cannot reach the reader of the entries.
 */
export function openSeal(bytes: Buffer, sealed: Sealed): OpenedSeal {
  if (bytes.length < MAGIC.length + MAC_BYTES) return { reason: 'is too short' };
  const body = bytes.subarray(0, bytes.length - MAC_BYTES);
  if (!timingSafeEqual(mac(body, sealed.key), bytes.subarray(body.length)))
    return { reason: 'was changed, or was written with another key' };
  return readSeal(body, sealed);
}

/** Reads a seal without the code at its end. For this and for tests. */
export function readSeal(body: Buffer, { use, folderName }: Omit<Sealed, 'key'>): OpenedSeal {
  if (!body.subarray(0, MAGIC.length).equals(MAGIC))
    return { reason: 'was written by another version of tarwarden' };
  const reader = new Reader(body, MAGIC.length);
  try {
    const sealedUse = reader.text(USE_BYTES_MAX).toString();
    if (sealedUse !== use) return { reason: `is for another use: ${JSON.stringify(sealedUse)}` };
    const sealedName = reader.text(PATH_BYTES_MAX).toString();
    if (sealedName !== folderName)
      return { reason: `is for a folder of another name: ${JSON.stringify(sealedName)}` };
  } catch (error) {
    if (error instanceof SealFormatError) return { reason: error.message };
    throw error;
  }
  return { entries: entriesOf(reader) };
}

/** A seal that no version of tarwarden writes. */
export class SealFormatError extends Error {
  override readonly name = 'SealFormatError';
}

function* entriesOf(reader: Reader): Generator<SealedEntry, undefined, undefined> {
  let lastPath: Buffer = Buffer.alloc(0);
  while (!reader.isAtEnd) {
    const kind = reader.number(1);
    const path = reader.text(PATH_BYTES_MAX);
    if (path.length === 0 || path.includes(0) || comparePaths(lastPath, path) >= 0)
      throw new SealFormatError('has an entry that is not in its place');
    lastPath = path;
    if (kind === KINDS.link) yield { kind: 'link', path, target: reader.text(PATH_BYTES_MAX) };
    else if (kind === KINDS.folder) yield { kind: 'folder', path, mode: reader.mode() };
    else if (kind === KINDS.file) yield { kind: 'file', path, content: reader.content() };
    else throw new SealFormatError('has an entry of an unknown kind');
  }
  return undefined;
}

class Reader {
  readonly #bytes: Buffer;
  #offset: number;

  constructor(bytes: Buffer, offset: number) {
    this.#bytes = bytes;
    this.#offset = offset;
  }

  get isAtEnd(): boolean {
    return this.#offset === this.#bytes.length;
  }

  take(count: number): Buffer {
    if (count > this.#bytes.length - this.#offset) throw new SealFormatError('ends in an entry');
    this.#offset += count;
    return this.#bytes.subarray(this.#offset - count, this.#offset);
  }

  number(count: number): number {
    return this.take(count).readUIntBE(0, count);
  }

  text(bytesMax: number): Buffer {
    const length = this.number(2);
    if (length > bytesMax) throw new SealFormatError('has a text that is too long');
    return this.take(length);
  }

  mode(): number {
    const mode = this.number(2);
    if (mode > MODE_BITS) throw new SealFormatError('has a mode that is none');
    return mode;
  }

  content(): FileContent {
    const mode = this.mode();
    return { mode, size: this.number(6), sha256: this.take(HASH_BYTES) };
  }
}
