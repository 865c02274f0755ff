import type { ArchiveFile } from '../containers/archive-file.ts';
import type { Entry } from '../containers/entry.ts';
import type { Layer } from '../finding/location.ts';
import type { ReportAnomaly } from '../finding/anomaly.ts';
import type { Code } from '../finding/rule-id.ts';
import type { Ecosystem, Format } from '../finding/format.ts';
import type { Limits } from '../limits.ts';
import type { Metadata } from '../metadata/metadata.ts';
import { looksAtAll } from '../rules/apply.ts';
import type { EntryRule, RuleOf } from '../rules/rule.ts';
import type { Clash } from '../tree/file-set.ts';
import type { TreeLayout } from '../tree/package-path.ts';
import type { PackageTree } from '../tree/tree.ts';

/** Receives the content of an archive, in the order of the archive. */
export interface ReadSink {
  /**
   * Receives an entry, with its path as a tarball would spell it. `spelled` is the path as the archive spells it, if that differs.
   * Returns whether the content is wanted.
   */
  entry(entry: Entry, spelled?: string): boolean;
  /** Receives a piece of wanted content of the last entry. The memory is reused after the call. */
  body(piece: Buffer): void;
  /** Receives the document that describes the package, for formats in which it is not one of the entries. */
  description?(document: Buffer): void;
  anomaly: ReportAnomaly;
  /** Called after every entry. Returns true if no more entries are wanted. */
  enough(): boolean;
}

export interface ReadOptions {
  readonly limits: Limits;
  /** Receives the unpacked bytes of a compressed archive, piece by piece, each valid only during the call. */
  readonly unpacked?: ((piece: Buffer) => void) | undefined;
  /** Size of the pieces in which the compressed bytes are read. For tests: no verdict depends on it. */
  readonly pieceBytes?: number | undefined;
  /** Name of the file, if the client goes by it. */
  readonly fileName?: string | undefined;
}

export interface ReadFacts {
  /** Entries read, extended headers not counted. */
  readonly entries: number;
  readonly unpackedBytes: number;
  /** Everything was read. */
  readonly complete: boolean;
}

/** A kind of package archive: the differences between kinds, as data and a few functions. */
export interface FormatDefinition<M extends Metadata> {
  readonly id: Format;
  readonly ecosystem: Ecosystem;
  /** The layer in which offsets of entries count. It depends on the bytes if the format has several containers. */
  readonly layer: Layer | ((bytes: Buffer) => Layer);
  /** Whether clients strip the first folder of each path, or take the whole path. */
  readonly layout: TreeLayout;
  /** Real packages of the format have links inside the package. So links that lead out are looked for under every policy. */
  readonly linksInside?: true;
  /**
   * Whether a file most likely has this format, by its name (without a folder) and its bytes. It is only used if a person does not
   * name the format, since a client knows what it fetched. Without it, the format is never recognised.
   */
  recognise?(fileName: string, bytes: Buffer): boolean;
  /** Reads the containers strictly: it gives entries and anomalies, and repairs nothing. */
  read(bytes: Buffer, sink: ReadSink, options: ReadOptions): ReadFacts;
  /**
   * Returns a function that compares two entries at one path. It is absent if the writers of the format never write a second entry:
   * then even an equal one was added later.
   */
  compare?(
    bytes: Buffer,
    clashes: readonly Clash[],
    options: ReadOptions,
  ): (clash: Clash) => boolean;
  /** Reads an archive that is too large for memory. Absent if the format does not allow that. */
  readonly large?: LargeReading<M>;
  /** Limit on unpacked bytes if the policy does not change the built-in one. Without it, the built-in limit holds. */
  readonly unpackedBytes?: number;
  /** Collects the metadata of a package. `bytes` are the archive, for metadata that needs a second reading. */
  metadata(tree: PackageTree, limits: Limits, bytes: Buffer): M;
  /** In the order in which they are applied and listed. */
  readonly rules: readonly RuleOf<M>[];
}

/** The functions of the same names, for an archive that is read in parts. */
export interface LargeReading<M extends Metadata> {
  read(file: ArchiveFile, sink: ReadSink, options: ReadOptions): ReadFacts;
  metadata(tree: PackageTree, limits: Limits, file: ArchiveFile): M;
}

/** A {@link FormatDefinition} that hides its kind of metadata. */
export interface PackageFormat extends FormatDefinition<Metadata> {
  /** The rules that look at single entries, and those that run after the last entry. */
  readonly entryRules: readonly EntryRule[];
  readonly laterRules: readonly RuleOf<Metadata>[];
}

export function defineFormat<M extends Metadata>(definition: FormatDefinition<M>): PackageFormat {
  // The rules get only the metadata that the same definition makes, so hiding its kind is safe.
  const format = definition as unknown as FormatDefinition<Metadata>;
  // Filter the rules once: most archives are small, and take about 70 microseconds.
  return {
    ...format,
    entryRules: format.rules.filter((rule) => rule.kind === 'entry'),
    laterRules: format.rules.filter(looksAtAll),
  };
}

/** The code for two entries at one path. */
export function samePathCode(alike: boolean): Code {
  return alike ? 'duplicate-path-identical' : 'duplicate-path';
}
