import { createHash, hash, type Hash } from 'node:crypto';

/**
 * A tarball in the pieces in which it came. It is hashed while pieces arrive. If its verdict is known, the pieces are passed on as they
 * are, because copying them into one buffer takes half as long as the hash.
 */
export class Tarball {
  readonly #pieces: Buffer[] = [];
  /** Used from the second piece on. Most tarballs come in one piece, which is hashed at once in half the time. */
  #hash: Hash | undefined;
  #integrity: string | undefined;
  #whole: Buffer | undefined;
  #length = 0;

  static of(bytes: Buffer): Tarball {
    const tarball = new Tarball();
    tarball.add(bytes);
    return tarball;
  }

  get length(): number {
    return this.#length;
  }

  /** The pieces in order, or only {@link whole} after it was called. */
  get pieces(): readonly Buffer[] {
    return this.#whole === undefined ? this.#pieces : [this.#whole];
  }

  /** SHA-512 as Subresource Integrity. After that, {@link add} throws. */
  get integrity(): string {
    return (this.#integrity ??= `sha512-${this.#digest()}`);
  }

  /** @throws TypeError after {@link integrity} or {@link whole} was read. */
  add(piece: Buffer): void {
    if (this.#integrity !== undefined || this.#whole !== undefined)
      throw new TypeError('the tarball is whole');
    const [first] = this.#pieces;
    if (first !== undefined) (this.#hash ??= createHash('sha512').update(first)).update(piece);
    this.#pieces.push(piece);
    this.#length += piece.length;
  }

  /** All bytes in one buffer, which replaces the pieces. Always the same buffer. */
  whole(): Buffer {
    // Finish the hash now: it covers the pieces that were added so far.
    void this.integrity;
    const [only] = this.#pieces;
    if (this.#whole !== undefined) return this.#whole;
    const isOne = only !== undefined && this.#pieces.length === 1;
    this.#whole = isOne ? only : Buffer.concat(this.#pieces, this.#length);
    this.#pieces.length = 0;
    return this.#whole;
  }

  /** Whether these are exactly the buffers of this tarball, all of them and in order. */
  isMadeOf(pieces: readonly Uint8Array[]): boolean {
    const ownPieces = this.pieces;
    return (
      ownPieces.length === pieces.length &&
      ownPieces.every((piece, index) => piece === pieces[index])
    );
  }

  #digest(): string {
    return this.#hash?.digest('base64') ?? hash('sha512', this.#pieces[0] ?? '', 'base64');
  }
}
