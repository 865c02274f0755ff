/*
 * Inspects one archive. inspectOpen has the steps: read the containers and place their entries, look for entries that clash, apply
 * the rules, and weigh the findings by the policy.
 *
 * A tarball passes without a finding if all of this holds (docs/design/0001-accepted-grammar.md; for zips of Yarn: 0002):
 *
 *   file      one gzip member (RFC 1952), followed by nothing but the zeros of a record
 *   archive   POSIX ustar or GNU headers with right checksums, pax headers that agree with them, two zero blocks at the end
 *   entry     a regular file or a folder; no link, device or pipe
 *   path      relative, below one first folder, of names that Linux, macOS and Windows read alike; no `..`, `\`, `:`
 *   tree      no two entries at one path, however a file system folds their names; nothing that git or a manager trusts
 *   metadata  one package.json of the name and version that were asked for, in which no path leads out of the package
 *   size      within the limits (limits.ts)
 */
import type { ArchiveFile } from './containers/archive-file.ts';
import type { Layer } from './finding/location.ts';
import { type Limits, DEFAULT_LIMITS } from './limits.ts';
import type { Clash } from './tree/file-set.ts';
import { PackageTree } from './tree/tree.ts';
import {
  type PackageFormat,
  type ReadFacts,
  type ReadOptions,
  type ReadSink,
  samePathCode,
} from './formats/format.ts';
import { digestOf } from './finding/digest.ts';
import type { Observation } from './finding/observation.ts';
import type { Verdict } from './finding/verdict.ts';
import type { InspectOptions } from './inspect-options.ts';
import type { Metadata } from './metadata/metadata.ts';
import { conclude, FindingLog } from './policy/finding-log.ts';
import { withInherited, DEFAULT_POLICY, type Policy } from './policy/policy.ts';
import { applyToAll, EntryRules, reportClashes, type RuleRun } from './rules/apply.ts';
import type { Body } from './tree/body.ts';

/** The functions of a format for one archive, in memory or in a file. */
interface OpenArchive {
  /** In bytes. */
  readonly length: number;
  readonly layer: Layer;
  readonly metadata: (tree: PackageTree, limits: Limits) => Metadata;
  readonly read: (sink: ReadSink, options: ReadOptions) => ReadFacts;
  /** See `compare` of the format. Returns undefined if the format has none. */
  readonly alike: (
    clashes: readonly Clash[],
    options: ReadOptions,
  ) => ((clash: Clash) => boolean) | undefined;
}

function openInMemory(format: PackageFormat, bytes: Buffer): OpenArchive {
  return {
    length: bytes.length,
    layer: typeof format.layer === 'string' ? format.layer : format.layer(bytes),
    metadata: (tree, limits) => format.metadata(tree, limits, bytes),
    read: (sink, options) => format.read(bytes, sink, options),
    alike: (clashes, options) => format.compare?.(bytes, clashes, options),
  };
}

/** @throws TypeError for a format whose archives can only be read in memory. */
function openInParts(format: PackageFormat, file: ArchiveFile): OpenArchive {
  const { large, layer } = format;
  if (large === undefined || typeof layer !== 'string')
    throw new TypeError(`archives of the format ${format.id} are not read in parts`);
  return {
    length: file.length,
    layer,
    metadata: (tree, limits) => large.metadata(tree, limits, file),
    read: (sink, options) => large.read(file, sink, options),
    alike: () => undefined,
  };
}

/**
 * Inspects the exact bytes of a package archive. Synchronous, pure and bounded: memory does not grow with the unpacked size, and no
 * input makes it throw. A file that is not an archive is rejected.
 */
export function inspectAs(
  format: PackageFormat,
  input: Uint8Array,
  options: InspectOptions,
): Verdict {
  const bytes = Buffer.from(input.buffer, input.byteOffset, input.byteLength);
  return inspectOpen(format, openInMemory(format, bytes), {
    ...options,
    sha512: digestOf(bytes, options.sha512),
  });
}

/**
 * Inspects an archive that is read from a file in parts. The caller gives the SHA-512 of the file, so that it is not read once more.
 *
 * @throws the errors of `file.read`, and TypeError for a format whose archives cannot be read in parts.
 */
export function inspectFileAs(
  format: PackageFormat,
  file: ArchiveFile,
  options: InspectOptions & { readonly sha512: string },
): Verdict {
  const sha512 = digestOf(NO_BYTES, options.sha512);
  return inspectOpen(format, openInParts(format, file), { ...options, sha512 });
}

const NO_BYTES = new Uint8Array(0);

type OpenOptions = InspectOptions & { readonly sha512: string };

function inspectOpen(format: PackageFormat, archive: OpenArchive, options: OpenOptions): Verdict {
  const inspection = begin(format, archive, options);
  const facts = readEntries(inspection, options);
  reportEntryClashes(inspection, options);
  applyToAll(format.laterRules, inspection, inspection.ruleRun);
  return weighFindings(inspection, facts, options);
}

/** The state of one inspection. The entries of the archive fill it, and the last step makes the verdict from it. */
interface Inspection {
  readonly format: PackageFormat;
  readonly archive: OpenArchive;
  readonly policy: Policy;
  readonly limits: Limits;
  readonly log: FindingLog;
  /** Paths as the archive spells them, by entry index. Contains only paths that a tarball would spell differently. */
  readonly spelledPaths: string[];
  readonly tree: PackageTree;
  readonly metadata: Metadata;
  readonly ruleRun: RuleRun;
}

function begin(format: PackageFormat, archive: OpenArchive, options: OpenOptions): Inspection {
  const { policy = DEFAULT_POLICY, expected = {} } = options;
  const limits = limitsOf(format, policy);
  const log = new FindingLog();
  const spelledPaths: string[] = [];
  const observe = (observation: Observation): void => {
    const entry =
      observation.entryIndex === undefined ? undefined : spelledPaths[observation.entryIndex];
    log.add(entry === undefined ? observation : { ...observation, entry });
  };
  const { links } = policy;
  const mayLink = links === 'contained' || format.linksInside === true;
  const tree = new PackageTree(format.layout);
  return {
    format,
    archive,
    policy,
    limits,
    log,
    spelledPaths,
    tree,
    metadata: archive.metadata(tree, limits),
    ruleRun: { observe, context: { links, mayLink, expected }, layer: archive.layer },
  };
}

/** The limits of the policy. If the policy keeps the built-in limit on the unpacked size, a format can replace it with its own. */
function limitsOf({ unpackedBytes }: PackageFormat, { limits }: Policy): Limits {
  const isSetByPolicy = limits.unpackedBytes !== DEFAULT_LIMITS.unpackedBytes;
  return isSetByPolicy || unpackedBytes === undefined ? limits : { ...limits, unpackedBytes };
}

/** Reads the containers. Checks each entry, adds it to the tree, and keeps its content if the metadata or git checks need it. */
function readEntries(
  { format, archive, limits, spelledPaths, tree, metadata, ruleRun }: Inspection,
  { expected, unpacked, pieceBytes, receiver }: OpenOptions,
): ReadFacts {
  const entryRules = new EntryRules(format.entryRules, ruleRun);
  let body: Body | undefined;
  let isReceived = false;
  const sink: ReadSink = {
    entry(entry, spelled) {
      if (spelled !== undefined) spelledPaths[entry.index] = spelled;
      entryRules.apply(entry);
      const key = tree.add(entry);
      body =
        key === undefined ? undefined : (metadata.bodyFor(entry, key) ?? tree.bodyFor(entry, key));
      isReceived = receiver?.entry(entry) === true;
      return isReceived || body !== undefined;
    },
    body(piece) {
      body?.add(piece);
      if (isReceived) receiver?.body(piece);
    },
    description: (document) => metadata.describe?.(document),
    anomaly: (anomaly) => ruleRun.observe(anomaly),
    enough: () => tree.files.overflowed,
  };
  const fileName = expected?.fileName;
  const facts = archive.read(sink, { limits, unpacked, pieceBytes, fileName });
  metadata.end();
  tree.end(facts.complete);
  return facts;
}

/** Reports entries that overwrite each other. Two entries at one path are compared by their content. */
function reportEntryClashes(
  { archive, limits, tree, ruleRun }: Inspection,
  { pieceBytes }: OpenOptions,
): void {
  const alike = archive.alike(tree.files.clashes, { limits, pieceBytes });
  reportClashes(tree, (clash) => samePathCode(alike?.(clash) === true), ruleRun);
}

/** Makes the verdict. If Yarn made this zip from a tarball, exceptions for the tarball also hold for the zip. */
function weighFindings(
  { format, archive, policy, log, spelledPaths, metadata }: Inspection,
  { entries, unpackedBytes }: ReadFacts,
  { sha512, convertedFrom, expected = {} }: OpenOptions,
): Verdict {
  const effectivePolicy =
    convertedFrom === undefined
      ? policy
      : withInherited(policy, { sha512, spelled: spelledPaths, from: convertedFrom });
  return conclude(log, effectivePolicy, {
    format: format.id,
    ecosystem: format.ecosystem,
    sha512,
    size: { compressedBytes: archive.length, unpackedBytes, entries },
    claimed: metadata.claimed,
    expected,
  });
}
