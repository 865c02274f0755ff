import type { Format } from './format.ts';
import type { Location } from './location.ts';
import type { RuleId } from './rule-id.ts';

/**
 * How much a finding weighs: one `error` rejects the archive, a `warning` is reported and lets it pass. A `note` is what ordinary
 * packages do: `explain` and the JSON reports list it, no other output does.
 */
export type Level = 'error' | 'warning' | 'note';

/**
 * One thing that is wrong with an archive, or with one entry of it, and where: nowhere in particular where it is about the whole
 * archive. The path of an entry is as the archive spells it (invalid UTF-8 replaced). Hostile: escape before printing.
 */
export interface Finding extends Partial<Location> {
  readonly rule: RuleId;
  readonly level: Level;
  /** One line in English. What it quotes of the archive is already escaped for a terminal. */
  readonly message: string;
  /** Set where a policy exception covers this finding; it then no longer rejects. The text is the exception's reason. */
  readonly excepted?: string;
  /** The rest of that exception, for reports. */
  readonly exception?: AppliedException;
  /** Hash of an exception that the repository proposes for this finding. The user has not approved it, so it does not count. */
  readonly proposed?: string;
}

/** How an exception was approved: the user wrote it, or the repository proposed it and the user approved it. */
export type Approver = 'user' | 'repository+user';

/** The part of an exception that a report shows beside its reason. */
export interface AppliedException {
  /** `name@version`, as the exception says it. */
  readonly package: string;
  /** Last day on which it holds, `YYYY-MM-DD`, UTC. */
  readonly expires: string;
  readonly approvedBy: Approver;
}

/** What the bytes are, whatever the policy says of them. */
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
}

/** The result for one archive: a pure function of its bytes, the rule set, the policy and what was expected. */
export interface Verdict {
  readonly status: 'accept' | 'reject';
  readonly format: Format;
  /** In the order in which the archive shows them. */
  readonly findings: readonly Finding[];
  /** Errors and warnings that were counted but not kept, since a rule's or the archive's cap was reached. */
  readonly omitted: number;
  readonly archive: ArchiveFacts;
  readonly manifest?: ManifestFacts;
}

/** A verdict whose digest is still to be added by `withDigest`. What an exception may name is rejected in it. */
export interface UndigestedVerdict extends Omit<Verdict, 'archive'> {
  readonly archive: Omit<ArchiveFacts, 'sha512' | 'integrity'>;
}
