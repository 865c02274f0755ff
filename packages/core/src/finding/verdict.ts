import type { Declared } from './declared.ts';
import type { Format } from './format.ts';
import type { Location } from './location.ts';
import type { Code, RuleId } from './rule-id.ts';

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
  readonly setBy: 'machine' | 'user' | 'repository';
  /** The name of the policy file, without its folder. */
  readonly file: string;
}

/**
 * How an exception was approved: it is in the policy of the machine, the user wrote it, or the repository proposed it and the user
 * approved it.
 */
export type Approver = 'machine' | 'user' | 'repository+user';

/** The part of an exception that a report shows beside its reason. */
export interface AppliedException {
  /** `name@version`, as the exception says it. */
  readonly package: string;
  /** Last day on which it holds, `YYYY-MM-DD`, UTC. */
  readonly expires: string;
  readonly approvedBy: Approver;
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
}
