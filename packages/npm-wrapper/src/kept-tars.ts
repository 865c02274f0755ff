/** Bytes of inspected tars that wait for npm. npm inflates the others again. */
const KEPT_MAX = 128 * 1024 * 1024;

/** The tars that were inspected, kept by the tarball that they came from until npm unpacks them. */
export class KeptTars {
  readonly #tars = new WeakMap<Uint8Array, Uint8Array>();
  #bytes = 0;

  /** Memory for one more tar, or undefined where there is no room. */
  room(size: number): Uint8Array | undefined {
    return this.#bytes + size > KEPT_MAX ? undefined : Buffer.allocUnsafeSlow(size);
  }

  keep(tarball: Uint8Array, tar: Uint8Array): void {
    this.#tars.set(tarball, tar);
    this.#bytes += tar.length;
  }

  /** Gives a tar, and forgets it. */
  take(tarball: Uint8Array): Uint8Array | undefined {
    const tar = this.#tars.get(tarball);
    this.#tars.delete(tarball);
    this.#bytes -= tar?.length ?? 0;
    return tar;
  }
}
