import type { Declared } from './declared.ts';
import type { Format } from './format.ts';
import type { Location } from './location.ts';
import type { Code, RuleId } from './rule-id.ts';
import type { TreeClient } from './tree-client.ts';

/**
 * How serious a finding is. One `error` rejects the archive. A `warning` is reported, and the archive passes. A `note` is about
 * something that ordinary packages do: only `explain` and the JSON reports list it.
 */
export type Level = 'error' | 'warning' | 'note';

/**
 * One thing that is wrong with an archive or with one of its entries. It has no location if it is about the whole archive. The path
 * of an entry is as the archive spells it (invalid UTF-8 replaced), and is hostile text: escape it before printing.
 */
export interface Finding extends Partial<Location> {
  readonly rule: RuleId;
  /** Which problem it is, of a rule that is about several. */
  readonly code?: Code;
  readonly level: Level;
  /** One line in English. Text quoted from the archive is already escaped for a terminal. */
  readonly message: string;
  /** The reason of the exception that covers this finding, if there is one. The finding then no longer rejects. */
  readonly excepted?: string;
  /** The other fields of that exception, for reports. */
  readonly exception?: AppliedException;
  /** Hash of an exception that the repository proposes for this finding. The user has not approved it, so it does not count. */
  readonly proposed?: string;
  /** The preset without which the finding would not be an error. */
  readonly preset?: AppliedPreset;
}

/** A preset, with the policy file that sets it. */
export interface AppliedPreset {
  /** With its version, for instance `strict@1`. */
  readonly name: string;
  readonly setBy: 'user' | 'repository';
  /** The name of the policy file, without its folder. */
  readonly file: string;
}

/**
 * How an exception was approved: the user wrote it, the repository proposed it and the user approved it, or an approver of the
 * organisation approved it on a server that the user's own policy file names.
 */
export type Approver = 'user' | 'repository+user' | 'approvals';

/** The part of an exception that a report shows beside its reason. */
export interface AppliedException {
  /** `name@version`, as the exception says it. */
  readonly package: string;
  /** Last day on which it holds, `YYYY-MM-DD`, UTC. */
  readonly expires: string;
  readonly approvedBy: Approver;
  /** The approver and the server, if it is `approvals`. */
  readonly by?: string;
}

/** Facts about the bytes, which do not depend on the policy. */
export interface ArchiveFacts {
  /** SHA-512 of the compressed bytes, lower-case hex. */
  readonly sha512: string;
  /** The same digest as Subresource Integrity (`sha512-<base64>`), the form lockfiles use. */
  readonly integrity: string;
  readonly compressedBytes: number;
  /** Bytes after decompression, as far as they were read. */
  readonly unpackedBytes: number;
  /** Entries read, extended headers not counted. */
  readonly entries: number;
}

/** Identity that the archive's own package.json claims. Hostile text: escape before printing. */
export interface ManifestFacts {
  readonly name?: string;
  readonly version?: string;
  /** The other statements of the metadata, to compare it with the words of a registry and a lockfile. Absent if it could not be read. */
  readonly declares?: Declared;
}

/** The result for one archive: a pure function of its bytes, the rule set, the policy and what was expected. */
export interface Verdict {
  readonly status: 'accept' | 'reject';
  readonly format: Format;
  /** In the order in which they occur in the archive. */
  readonly findings: readonly Finding[];
  /** Errors and warnings that were counted but not kept, because a rule or the archive had reached its limit. */
  readonly omitted: number;
  readonly archive: ArchiveFacts;
  readonly manifest?: ManifestFacts;
  /**
   * The tree digests that were asked for, of an accepted archive: `sha512-<base64>`, or null if the archive has links or other entries
   * that the client may write. A client that does not unpack this format is absent.
   */
  readonly trees?: TreeDigests;
}

export type TreeDigests = Readonly<Partial<Record<TreeClient, string | null>>>;

/** A verdict to which `withDigest` adds the digest later. No exception holds in it, because an exception names a digest. */
export interface UndigestedVerdict extends Omit<Verdict, 'archive'> {
  readonly archive: Omit<ArchiveFacts, 'sha512' | 'integrity'>;
}
