import { crc32 } from 'node:zlib';
import { Typeflag, type Entry, type EntryReceiver } from '@tarwarden/core/npm';

/** The time of all entries, 1984-06-22 21:50:00 UTC, as DOS writes it: the time and then the date. */
const DOS_TIME = 0xae40;
const DOS_DATE = 0x08d6;
/** Made by libzip on a Unix host. */
const MADE_BY = 0x033f;
const UTF8_FLAG = 0x800;

const LOCAL_SIGNATURE = 0x04034b50;
const CENTRAL_SIGNATURE = 0x02014b50;
const END_SIGNATURE = 0x06054b50;
const LOCAL_BYTES = 30;
const CENTRAL_BYTES = 46;
const END_BYTES = 22;
/** A zip with more entries, or longer names, needs other headers. */
const UINT16_MAX = 0xffff;

const FOLDER_MODE = 0o40755;
const FILE_MODE = 0o100644;
const EXECUTE_BITS = 0o111;

const START_BYTES = 8 * 1024 * 1024;
/** Larger archives are left to Yarn. */
const BYTES_MAX = 128 * 1024 * 1024;

interface Header {
  /** The offset of the local header. */
  readonly offset: number;
  readonly name: Buffer;
  readonly mode: number;
  readonly size: number;
  crc: number;
}

/** Archives are made one after another, so one buffer is enough. */
let memory = Buffer.alloc(0);

/**
 * Makes the archive that Yarn 4 makes of a tarball with `compressionLevel: 0`, byte for byte. It knows ordinary tarballs only: of others it
 * makes another archive than Yarn, or none. So compare the SHA-512 of the archive before it is used.
 */
export class ZipWriter implements EntryReceiver {
  readonly #prefix: string;
  readonly #strip: number;
  readonly #headers: Header[] = [];
  readonly #folders = new Set<string>();
  #offset = 0;
  #open: Header | undefined;
  #failed = false;

  /** @param prefix The folder of all entries. It replaces the first `strip` folders of each path in the tarball. */
  constructor(prefix: string, strip: number) {
    this.#prefix = prefix;
    this.#strip = strip;
  }

  entry({ path, typeflag, mode, size }: Entry): boolean {
    this.#close();
    const names = path.replace(/\/$/, '').split('/');
    const parts = names.slice(this.#strip);
    // Yarn normalizes a path with such a part.
    if (names.includes('.')) this.#failed = true;
    if (parts.length === 0 || this.#failed) return false;
    const name = `${this.#prefix}/${parts.join('/')}`;
    if (typeflag === Typeflag.Directory) {
      this.#folder(name);
      return false;
    }
    // Links pass under some policies. Yarn writes them in its own way.
    if (typeflag !== Typeflag.File) this.#failed = true;
    this.#foldersAbove(name);
    const executable = mode > 0 && (mode & EXECUTE_BITS) !== 0;
    this.#open = this.#header(name, executable ? FILE_MODE | EXECUTE_BITS : FILE_MODE, size);
    return true;
  }

  body(piece: Buffer): void {
    if (this.#open === undefined || !this.#reserve(piece.length)) return;
    piece.copy(memory, this.#offset);
    this.#offset += piece.length;
    this.#open.crc = crc32(piece, this.#open.crc);
  }

  /** The archive, which is valid until the next one is begun. Undefined if it cannot be made. */
  end(): Uint8Array | undefined {
    this.#close();
    const start = this.#offset;
    for (const header of this.#headers) this.#central(header);
    const count = this.#headers.length;
    if (count > UINT16_MAX || !this.#reserve(END_BYTES)) return undefined;
    const [zip, offset] = [memory, this.#offset];
    zip.fill(0, offset, offset + END_BYTES);
    zip.writeUInt32LE(END_SIGNATURE, offset);
    zip.writeUInt16LE(count, offset + 8);
    zip.writeUInt16LE(count, offset + 10);
    zip.writeUInt32LE(offset - start, offset + 12);
    zip.writeUInt32LE(start, offset + 16);
    return zip.subarray(0, offset + END_BYTES);
  }

  #folder(path: string): void {
    if (this.#folders.has(path)) return;
    this.#foldersAbove(path);
    this.#folders.add(path);
    this.#header(`${path}/`, FOLDER_MODE, 0);
  }

  #foldersAbove(path: string): void {
    const end = path.lastIndexOf('/');
    if (end > 0) this.#folder(path.slice(0, end));
  }

  #header(path: string, mode: number, size: number): Header {
    const name = Buffer.from(path);
    const header: Header = { offset: this.#offset, name, mode, size, crc: 0 };
    this.#headers.push(header);
    if (name.length > UINT16_MAX) this.#failed = true;
    if (!this.#reserve(LOCAL_BYTES + name.length)) return header;
    const offset = this.#offset;
    memory.writeUInt32LE(LOCAL_SIGNATURE, offset);
    this.#common(header, offset + 4);
    memory.writeUInt16LE(0, offset + 28);
    name.copy(memory, offset + LOCAL_BYTES);
    this.#offset += LOCAL_BYTES + name.length;
    return header;
  }

  #central(header: Header): void {
    const { offset: local, name, mode } = header;
    if (!this.#reserve(CENTRAL_BYTES + name.length)) return;
    const offset = this.#offset;
    memory.writeUInt32LE(CENTRAL_SIGNATURE, offset);
    memory.writeUInt16LE(MADE_BY, offset + 4);
    this.#common(header, offset + 6);
    memory.fill(0, offset + 30, offset + 38);
    memory.writeUInt16LE(0, offset + 38);
    memory.writeUInt16LE(mode, offset + 40);
    memory.writeUInt32LE(local, offset + 42);
    name.copy(memory, offset + CENTRAL_BYTES);
    this.#offset += CENTRAL_BYTES + name.length;
  }

  /** The fields that both headers of an entry have, from the version to the length of the name. */
  #common({ name, mode, size, crc }: Header, offset: number): void {
    memory.writeUInt16LE(mode === FOLDER_MODE ? 20 : 10, offset);
    memory.writeUInt16LE(isAscii(name) ? 0 : UTF8_FLAG, offset + 2);
    memory.writeUInt16LE(0, offset + 4);
    memory.writeUInt16LE(DOS_TIME, offset + 6);
    memory.writeUInt16LE(DOS_DATE, offset + 8);
    memory.writeUInt32LE(crc, offset + 10);
    memory.writeUInt32LE(size, offset + 14);
    memory.writeUInt32LE(size, offset + 18);
    memory.writeUInt16LE(name.length, offset + 22);
  }

  /** Completes the file that was begun last: its checksum is known after its content. */
  #close(): void {
    const { crc, offset } = this.#open ?? {};
    if (offset !== undefined && crc !== undefined && !this.#failed)
      memory.writeUInt32LE(crc, offset + 14);
    this.#open = undefined;
  }

  /** Makes room for so many bytes. Returns whether there is room. */
  #reserve(bytes: number): boolean {
    const needed = this.#offset + bytes;
    if (needed > BYTES_MAX) this.#failed = true;
    if (this.#failed) return false;
    if (needed > memory.length) {
      const size = Math.min(Math.max(START_BYTES, 2 * memory.length, needed), BYTES_MAX);
      const larger = Buffer.allocUnsafeSlow(size);
      memory.copy(larger, 0, 0, this.#offset);
      memory = larger;
    }
    return true;
  }
}

function isAscii(name: Buffer): boolean {
  return name.every((byte) => byte < 0x80);
}
