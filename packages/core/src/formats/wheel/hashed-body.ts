import { createHash } from 'node:crypto';
import type { Entry } from '../../containers/entry.ts';
import { Body } from '../../tree/body.ts';

/** The content of one entry, as its SHA-256; the content itself only where it is read. */
export class HashedBody extends Body {
  readonly #keep: boolean;
  readonly #hash = createHash('sha256');
  #bytes = 0;

  constructor(entry: Entry, keep: boolean) {
    super(entry);
    this.#keep = keep;
  }

  override add(piece: Buffer): void {
    this.#hash.update(piece);
    this.#bytes += piece.length;
    if (this.#keep) super.add(piece);
  }

  /** In base64url without padding, as RECORD has it; undefined where the content was cut short. To be asked for once. */
  digest(): string | undefined {
    return this.#bytes === this.entry.size ? this.#hash.digest('base64url') : undefined;
  }
}
