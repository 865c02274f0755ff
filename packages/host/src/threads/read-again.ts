/* Reads large files one after another into the same memory. Fresh buffers would pile up until they are collected. */
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';

/** For smaller files, a fresh buffer costs no more than the copy. */
const LARGE = 4 * 1024 * 1024;
/** The most bytes that are kept for the next file. */
const KEPT_MAX = 64 * 1024 * 1024;

/** Reads files. The bytes are valid until the next file is read. */
export class FileReader {
  #kept: Buffer = Buffer.alloc(0);

  read(path: string): Uint8Array {
    const file = openSync(path, 'r');
    try {
      const { size } = fstatSync(file);
      if (size < LARGE || size > KEPT_MAX) return readFileSync(file);
      if (this.#kept.length < size) this.#kept = Buffer.allocUnsafeSlow(size);
      return this.#kept.subarray(0, filled(file, this.#kept.subarray(0, size)));
    } finally {
      closeSync(file);
    }
  }
}

function filled(file: number, buffer: Buffer): number {
  let at = 0;
  while (at < buffer.length) {
    const bytes = readSync(file, buffer, at, buffer.length - at, null);
    if (bytes === 0) break;
    at += bytes;
  }
  return at;
}
