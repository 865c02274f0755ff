/* The space for requests of npm's clients that have a body. All registries of a server share it. */
import type { Metrics } from './metrics.ts';
import { Spool } from './spool.ts';

/** The most bytes of a publication, which contains its tarball in base64. */
export const PUBLICATION_BYTES_MAX: number = 128 * 1024 * 1024;
/** The most bytes of all publications that clients send at once. A limit of their own, so that they cannot block downloads. */
const UPLOADS_MAX = 1024 * 1024 * 1024;
/** The most bytes of all other requests with a body, such as signing in. Publications cannot use it up. */
const BODIES_MAX = 256 * 1024 * 1024;
/** The most bytes in memory of each of these three spools. */
const UPLOADS_IN_MEMORY = 4 * 1024 * 1024;

export interface UploadsOptions {
  readonly metrics: Metrics;
  /** Folder for uploads. */
  readonly spoolParent: string | undefined;
  /** The most bytes that clients send at once. */
  readonly uploadBytes: number | undefined;
}

export interface Uploads {
  /** For publications of unknown clients. */
  readonly spool: Spool;
  /** For publications of clients that the registry knows. Others cannot fill it. */
  readonly knownSpool: Spool;
  /** For other requests with a body. */
  readonly bodies: Spool;
}

export class SharedUploads {
  readonly #options: UploadsOptions;
  #uploads: Uploads | undefined;

  constructor(options: UploadsOptions) {
    this.#options = options;
  }

  /** Made for the first registry of npm, because others get no uploads. */
  get(): Uploads {
    return (this.#uploads ??= {
      spool: this.#spool(UPLOADS_MAX),
      knownSpool: this.#spool(UPLOADS_MAX),
      bodies: this.#spool(BODIES_MAX),
    });
  }

  /** Removes temporary files. */
  close(): void {
    for (const spool of Object.values(this.#uploads ?? {}) as Spool[]) spool.close();
  }

  #spool(heldMax: number): Spool {
    const { metrics, spoolParent, uploadBytes } = this.#options;
    return new Spool({
      bytesMax: PUBLICATION_BYTES_MAX,
      heldMax: uploadBytes ?? heldMax,
      memoryMax: UPLOADS_IN_MEMORY,
      parent: spoolParent,
      onHeld: (change) => metrics.bytesHeld.inc(change),
    });
  }
}
