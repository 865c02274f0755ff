import { createHash, type Hash } from 'node:crypto';
import type { Entry } from '../../containers/entry.ts';
import { Body } from '../../tree/body.ts';

/** Algorithms of hashes that RECORD may have. */
export type Algorithm = 'sha256' | 'sha384' | 'sha512';

/** Hashes the content of one entry, and keeps the content only if it is read. */
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

  /** The hash as RECORD has it, `sha256=<base64url>`. Undefined if the content was cut short. Call it only once. */
  digest(): string | undefined {
    if (this.#bytes !== this.entry.size) return undefined;
    return `${this.#algorithm}=${this.#hash.digest('base64url')}`;
  }
}
