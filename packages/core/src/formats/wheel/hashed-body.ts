import { createHash, type Hash } from 'node:crypto';
import type { Entry } from '../../containers/entry.ts';
import { Body } from '../../tree/body.ts';

/** Of hashes that RECORD may have. */
export type Algorithm = 'sha256' | 'sha384' | 'sha512';

/** The content of one entry, as its hash; the content itself only where it is read. */
export class HashedBody extends Body {
  readonly #algorithm: Algorithm;
  readonly #keep: boolean;
  readonly #hash: Hash;
  #bytes = 0;

  constructor(
    entry: Entry,
    { keep, algorithm }: { readonly keep: boolean; readonly algorithm: Algorithm },
  ) {
    super(entry);
    this.#keep = keep;
    this.#algorithm = algorithm;
    this.#hash = createHash(algorithm);
  }

  override add(piece: Buffer): void {
    this.#hash.update(piece);
    this.#bytes += piece.length;
    if (this.#keep) super.add(piece);
  }

  /** As RECORD has it, `sha256=<base64url>`; undefined where the content was cut short. To be asked for once. */
  digest(): string | undefined {
    if (this.#bytes !== this.entry.size) return undefined;
    return `${this.#algorithm}=${this.#hash.digest('base64url')}`;
  }
}
