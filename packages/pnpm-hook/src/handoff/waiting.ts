/* Inspected tarballs that wait for pnpm to unpack them. They are in memory, or in private files if they are too large. pnpm gets files. */
import { PrivateFiles } from './private-files.ts';

const MEMORY_BYTES_MAX = 64 * 1024 * 1024;

export class WaitingTarballs {
  readonly #shared: WaitingState = { files: new PrivateFiles(), inMemory: 0 };

  get inMemory(): number {
    return this.#shared.inMemory;
  }

  keep(bytes: Buffer): Waiting {
    return new Waiting(bytes, this.#shared);
  }
}

interface WaitingState {
  readonly files: PrivateFiles;
  inMemory: number;
}

/** Inspected bytes, in memory or in a file that only this user can read. */
class Waiting {
  readonly #shared: WaitingState;
  #bytes: Buffer | undefined;
  #path: string | undefined;

  constructor(bytes: Buffer, shared: WaitingState) {
    this.#bytes = bytes;
    this.#shared = shared;
    shared.inMemory += bytes.length;
    if (shared.inMemory <= MEMORY_BYTES_MAX) return;
    try {
      this.file();
    } catch {
      // If no file can be written, the bytes stay in memory until pnpm needs them in a file.
    }
  }

  /**
   * Path of a new file with the bytes.
   * @throws HookError if no file can be written.
   */
  file(): string {
    const bytes = this.#bytes;
    if (bytes === undefined) {
      if (this.#path === undefined) throw new TypeError('these bytes were used already');
      return this.#path;
    }
    this.#path = this.#shared.files.write(bytes);
    this.#release();
    return this.#path;
  }

  discard(): void {
    this.#release();
    if (this.#path === undefined) return;
    this.#shared.files.giveBack(this.#path);
    this.#path = undefined;
  }

  #release(): void {
    this.#shared.inMemory -= this.#bytes?.length ?? 0;
    this.#bytes = undefined;
  }
}

export type { Waiting };
