/*
 * The bytes of a zip, in memory or in a file. For a file, one window of it is kept in memory. For an archive in memory, the window is
 * the whole archive, so that nothing is copied.
 */
import type { ArchiveBytes, ArchiveFile } from '../archive-file.ts';

/** Some bytes of a file. */
export interface FileWindow {
  readonly bytes: Buffer;
  /** Offset of the first byte in the file. */
  readonly base: number;
}

/** Bytes that follow one another, in pieces. */
export interface Pieces {
  /** Bytes of all pieces. */
  readonly length: number;
  readonly first: Buffer;
  /** The next piece, which reuses the memory of the one before. Undefined after the last. Absent if there is only the first. */
  readonly nextPiece?: () => Buffer | undefined;
}

export interface ZipSource {
  readonly length: number;
  /** A window with at least the bytes `[from, to)` that the file has. Valid until the next call of this or of `pieces`. */
  window(from: number, to: number): FileWindow;
  /** A window that stays valid. */
  lastingWindow(from: number, to: number): FileWindow;
  /** The bytes `[from, to)`, all of which the file has. */
  pieces(from: number, to: number): Pieces;
}

/** Entries follow each other in the file, so that one window usually has several. */
const WINDOW_BYTES = 1024 * 1024;

/** @param windowBytes Bytes of a file that are read at a time. */
export function zipSource(archive: ArchiveBytes, windowBytes: number = WINDOW_BYTES): ZipSource {
  return archive instanceof Uint8Array
    ? new MemorySource(archive)
    : new FileSource(archive, windowBytes);
}

class MemorySource implements ZipSource {
  readonly length: number;
  readonly #window: FileWindow;

  constructor(bytes: Buffer) {
    this.length = bytes.length;
    this.#window = { bytes, base: 0 };
  }

  window(): FileWindow {
    return this.#window;
  }

  lastingWindow(): FileWindow {
    return this.#window;
  }

  pieces(from: number, to: number): Pieces {
    return { length: to - from, first: this.#window.bytes.subarray(from, to) };
  }
}

class FileSource implements ZipSource {
  readonly length: number;
  readonly #file: ArchiveFile;
  readonly #windowBytes: number;
  #memory: Buffer;
  #window: FileWindow;

  constructor(file: ArchiveFile, windowBytes: number) {
    this.length = file.length;
    this.#file = file;
    this.#windowBytes = windowBytes;
    this.#memory = Buffer.allocUnsafeSlow(windowBytes);
    this.#window = { bytes: this.#memory.subarray(0, 0), base: 0 };
  }

  window(from: number, to: number): FileWindow {
    const { bytes, base } = this.#window;
    const end = Math.min(to, this.length);
    if (from >= base && end <= base + bytes.length) return this.#window;
    if (from >= this.length) return { bytes: bytes.subarray(0, 0), base: from };
    return this.#refill(from, Math.max(this.#windowBytes, to - from));
  }

  lastingWindow(from: number, to: number): FileWindow {
    const bytes = Buffer.allocUnsafeSlow(Math.max(0, Math.min(to, this.length) - from));
    if (bytes.length > 0) this.#file.read(bytes, from);
    return { bytes, base: from };
  }

  pieces(from: number, to: number): Pieces {
    let at = from;
    const next = (): Buffer | undefined => {
      if (at >= to) return undefined;
      const { bytes, base } = this.window(at, at + 1);
      const piece = bytes.subarray(at - base, Math.min(to - base, bytes.length));
      at += piece.length;
      return piece;
    };
    return { length: to - from, first: next() ?? this.#memory.subarray(0, 0), nextPiece: next };
  }

  #refill(from: number, wantedBytes: number): FileWindow {
    const length = Math.min(wantedBytes, this.length - from);
    if (length > this.#memory.length) this.#memory = Buffer.allocUnsafeSlow(length);
    const bytes = this.#memory.subarray(0, length);
    this.#file.read(bytes, from);
    this.#window = { bytes, base: from };
    return this.#window;
  }
}
