import type { Entry } from '../containers/entry.ts';

/** The content of one entry, while its pieces come. */
export class Body {
  readonly entry: Entry;
  readonly #pieces: Buffer[] = [];
  #bytes = 0;

  constructor(entry: Entry) {
    this.entry = entry;
  }

  /** Takes a piece, and copies it: the memory is reused. */
  add(piece: Buffer): void {
    this.#pieces.push(Buffer.from(piece));
    this.#bytes += piece.length;
  }

  /** All of it; undefined where a truncated archive cut it short, which is a finding of its own. */
  whole(): Buffer | undefined {
    if (this.#bytes !== this.entry.size) return undefined;
    return this.#pieces.length === 1 ? this.#pieces[0]! : Buffer.concat(this.#pieces);
  }
}
