import type { Entry } from '../containers/entry.ts';

/** Collects the content of one entry. */
export class Body {
  readonly entry: Entry;
  readonly #pieces: Buffer[] = [];
  #bytes = 0;

  constructor(entry: Entry) {
    this.entry = entry;
  }

  /** Takes a piece and copies it, because the memory is reused. */
  add(piece: Buffer): void {
    this.#pieces.push(Buffer.from(piece));
    this.#bytes += piece.length;
  }

  /** The whole content. Undefined if the archive is truncated, which another rule reports. */
  whole(): Buffer | undefined {
    if (this.#bytes !== this.entry.size) return undefined;
    return this.#pieces.length === 1 ? this.#pieces[0]! : Buffer.concat(this.#pieces);
  }
}
