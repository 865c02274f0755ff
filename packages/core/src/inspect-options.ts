import type { Entry } from './containers/entry.ts';
import type { Policy } from './policy/policy.ts';
import type { ExpectedPackage } from './finding/expected.ts';
import type { Format } from './finding/format.ts';

/** Takes the entries of an archive while it is inspected. They count only if the verdict accepts them. */
export interface EntryReceiver {
  /** Takes an entry. Returns whether its content is wanted. */
  entry(entry: Entry): boolean;
  /** Takes a piece of wanted content of the last entry. The memory is reused after the call. */
  body(piece: Buffer): void;
}

/** Facts that the caller knows about the archive, and the policy that weighs the findings. */
export interface InspectOptions {
  readonly format?: Format;
  /** Identity under which a registry handed the archive out. Absent for git, file and http sources. */
  readonly expected?: ExpectedPackage;
  readonly policy?: Policy;
  /** For `yarn-zip`: SHA-512 (lower-case hex) of the tarball that it was made of. Exceptions for the tarball hold for the zip too. */
  readonly convertedFrom?: string;
  /**
   * SHA-512 (lower-case hex) of the bytes. Pass it to save time, and only if you have computed it from this very buffer. Never pass
   * a digest that a registry or lockfile promised: the verdict reports it as the digest of the bytes.
   */
  readonly sha512?: string;
  /** Makes something else of the entries meanwhile. It does not change the verdict. */
  readonly receiver?: EntryReceiver;
  /** For tarballs: receives the unpacked bytes piece by piece. Each piece is valid only during the call. */
  readonly unpacked?: (piece: Buffer) => void;
  /** Size of the pieces in which the compressed bytes are read. It does not change the verdict. For tests. */
  readonly pieceBytes?: number;
}
