import type { ArchiveFile } from '../containers/archive-file.ts';
import type { Entry } from '../containers/entry.ts';
import type { Layer } from '../finding/location.ts';
import type { ReportAnomaly } from '../finding/anomaly.ts';
import type { RuleId } from '../finding/rule-id.ts';
import type { Ecosystem, Format } from '../finding/format.ts';
import type { ManifestFacts } from '../finding/verdict.ts';
import type { Limits } from '../limits.ts';
import type { Metadata } from '../metadata/metadata.ts';
import { applyToAll, looksAtAll, type RuleRun } from '../rules/apply.ts';
import type { EntryRule, Rule, RuleOf } from '../rules/rule.ts';
import type { Body } from '../tree/body.ts';
import type { Clash } from '../tree/file-set.ts';
import type { TreeLayout } from '../tree/package-path.ts';
import type { PackageTree } from '../tree/tree.ts';

/** Takes what the containers of an archive hold, in the order of the archive. */
export interface ReadSink {
  /**
   * An entry, its path as a tarball would spell it; `spelled` is the path as the archive has it, where that is another.
   * Whether the content is wanted.
   */
  entry(entry: Entry, spelled?: string): boolean;
  /** A piece of wanted content, of the entry that came last. The memory is reused after the call. */
  body(piece: Buffer): void;
  /** What describes the package, where it lies beside the entries and not among them. */
  description?(document: Buffer): void;
  anomaly: ReportAnomaly;
  /** Asked after every entry: whether no more of them are wanted. */
  enough(): boolean;
}

export interface ReadOptions {
  readonly limits: Limits;
  /** Is handed what a compressed archive unpacks to, piece by piece, each valid only during the call. */
  readonly unpacked?: ((piece: Buffer) => void) | undefined;
  /** Pieces in which the compressed bytes are read. For tests: no verdict depends on it. */
  readonly pieceBytes?: number | undefined;
  /** Name of the file, where its client goes by it. */
  readonly fileName?: string | undefined;
}

export interface ReadFacts {
  /** Entries read, extended headers not counted. */
  readonly entries: number;
  readonly unpackedBytes: number;
  /** Everything was read. */
  readonly complete: boolean;
}

/** A kind of package archive: what differs between kinds, as data and a few functions. */
export interface FormatDefinition<M extends Metadata> {
  readonly id: Format;
  readonly ecosystem: Ecosystem;
  /** In which the offsets of entries count; by the bytes, where the format has several containers. */
  readonly layer: Layer | ((bytes: Buffer) => Layer);
  /** Whether every entry lies in one first folder, which clients strip, or where it is to be. */
  readonly layout: TreeLayout;
  /** Real packages of the format have links that stay inside, so that those which do not are looked for whatever the policy. */
  readonly linksInside?: true;
  /**
   * Whether a file is most likely of this format, by its name (without a folder) and its bytes. Only for a person who does not
   * say it: a client knows what it fetched. Absent: never by itself.
   */
  recognise?(fileName: string, bytes: Buffer): boolean;
  /** Reads the containers, strictly: entries and anomalies, nothing repaired. */
  read(bytes: Buffer, sink: ReadSink, options: ReadOptions): ReadFacts;
  /**
   * Says of two entries at one path whether they are alike. Absent where the format's writer makes no second entry, so that
   * even an equal one was put there by somebody else.
   */
  compare?(
    bytes: Buffer,
    clashes: readonly Clash[],
    options: ReadOptions,
  ): (clash: Clash) => boolean;
  /** How an archive is read that is too large for memory. Absent: it is not. */
  readonly large?: LargeReading<M>;
  /** Unpacked bytes that an archive may have where a policy leaves them as they are built in; absent: what is built in for all. */
  readonly unpackedBytes?: number;
  /** What packages of the format say of themselves. `bytes` are those of the archive, for what takes a second reading. */
  metadata(tree: PackageTree, limits: Limits, bytes: Buffer): M;
  /** In the order in which they are applied and listed. */
  readonly rules: readonly RuleOf<M>[];
}

/** The functions of the same names, for an archive of which parts are in memory. */
export interface LargeReading<M extends Metadata> {
  read(file: ArchiveFile, sink: ReadSink, options: ReadOptions): ReadFacts;
  metadata(tree: PackageTree, limits: Limits, file: ArchiveFile): M;
}

/** What one archive says of itself, with the rules about it. */
export interface OpenMetadata extends Metadata {
  describe(document: Buffer): void;
  /** Applies the rules that look at everything. */
  apply(tree: PackageTree, to: RuleRun): void;
}

/** A {@link FormatDefinition} whose kind of metadata nobody outside needs to know. */
export interface PackageFormat extends Omit<
  FormatDefinition<Metadata>,
  'metadata' | 'rules' | 'large'
> {
  readonly rules: readonly Rule[];
  /** Those of the rules that look at single entries. */
  readonly entryRules: readonly EntryRule[];
  readonly large?: LargeReading<OpenMetadata>;
  metadata(tree: PackageTree, limits: Limits, bytes: Buffer): OpenMetadata;
}

export function defineFormat<M extends Metadata>(format: FormatDefinition<M>): PackageFormat {
  // Sorted once: most archives are small, and take some 70 microseconds.
  const later = format.rules.filter(looksAtAll);
  const { large, ...rest } = format;
  return {
    ...rest,
    ...(large !== undefined && {
      large: {
        read: (file, sink, options) => large.read(file, sink, options),
        metadata: (tree, limits, file) =>
          new MetadataWithRules(large.metadata(tree, limits, file), later),
      },
    }),
    entryRules: format.rules.filter((rule) => rule.kind === 'entry'),
    metadata: (tree, limits, bytes) =>
      new MetadataWithRules(format.metadata(tree, limits, bytes), later),
  };
}

// A class: an object with a getter of its own has a hidden class of its own, which keeps all of its archive alive until the
// next full garbage collection.
class MetadataWithRules<M extends Metadata> implements OpenMetadata {
  readonly #metadata: M;
  readonly #rules: readonly RuleOf<M>[];

  constructor(metadata: M, rules: readonly RuleOf<M>[]) {
    this.#metadata = metadata;
    this.#rules = rules;
  }

  get claimed(): ManifestFacts | undefined {
    return this.#metadata.claimed;
  }

  bodyFor(entry: Entry, key: string): Body | undefined {
    return this.#metadata.bodyFor(entry, key);
  }

  describe(document: Buffer): void {
    this.#metadata.describe?.(document);
  }

  end(): void {
    this.#metadata.end();
  }

  apply(tree: PackageTree, to: RuleRun): void {
    applyToAll(this.#rules, { tree, metadata: this.#metadata }, to);
  }
}

/** The rule that two entries at one path break. */
export function samePathRule(alike: boolean): RuleId {
  return alike ? 'duplicate-path-identical' : 'duplicate-path';
}
