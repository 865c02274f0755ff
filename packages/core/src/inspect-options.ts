import type { Policy } from './policy/policy.ts';
import type { ExpectedPackage } from './finding/expected.ts';
import type { Format } from './finding/format.ts';

/** What the caller knows of the archive. */
export interface InspectOptions {
  readonly format?: Format;
  /** Identity under which a registry handed the archive out. Absent for git, file and http sources. */
  readonly expected?: ExpectedPackage;
  readonly policy?: Policy;
  /** For `yarn-zip`: SHA-512 (lower-case hex) of the tarball that it was made of. Exceptions for that hold for the zip too. */
  readonly convertedFrom?: string;
  /**
   * SHA-512 (lower-case hex) of the bytes, by a caller that has just computed it of this very buffer, so that it is not
   * computed twice. Never one that somebody else promised: the verdict tells it as that of the bytes.
   */
  readonly sha512?: string;
  /** Only of {@link DeferredOptions}. */
  readonly digest?: never;
  /** For tarballs: is handed what they unpack to, piece by piece, each valid only during the call. */
  readonly unpacked?: (piece: Buffer) => void;
  /** Pieces in which the compressed bytes are read; the verdict does not depend on it. For tests. */
  readonly pieceBytes?: number;
}

/** For a caller that has the digest of the bytes later than the verdict, which `withDigest` then completes. */
export interface DeferredOptions extends Omit<InspectOptions, 'sha512' | 'digest'> {
  /** Nothing is hashed, and no exception holds: each names a digest. */
  readonly digest: 'deferred';
}
