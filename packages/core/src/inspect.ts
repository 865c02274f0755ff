/*
 * What passes without a finding, for tarballs (docs/design/0001-accepted-grammar.md; zips of Yarn: 0002):
 *
 *   file      one gzip member (RFC 1952), nothing behind it but the zeros of a record
 *   archive   POSIX ustar or GNU headers with right checksums, pax headers that agree with them, two zero blocks at the end
 *   entry     a regular file or a folder; no link, device or pipe
 *   path      relative, below one first folder, of names that Linux, macOS and Windows read alike; no `..`, `\`, `:`
 *   tree      no two entries at one place, however a file system folds their names; nothing that git or a manager believes
 *   metadata  one package.json of the name and version that were asked for, which leads to no place outside
 *   size      within the limits (limits.ts)
 *
 * Five steps: read the containers, place the entries in a tree, read the metadata, apply the rules, weigh what they found.
 */
import type { ArchiveFile } from './containers/archive-file.ts';
import type { Entry } from './containers/entry.ts';
import { digestOf } from './finding/digest.ts';
import type { Observation } from './finding/observation.ts';
import type { UndigestedVerdict, Verdict } from './finding/verdict.ts';
import { samePathRule, type PackageFormat, type ReadSink } from './formats/format.ts';
import { openInMemory, openInParts, type OpenArchive } from './formats/open-archive.ts';
import type { DeferredOptions, InspectOptions } from './inspect-options.ts';
import { conclude } from './policy/conclude.ts';
import { FindingLog } from './policy/finding-log.ts';
import { withInherited } from './policy/inherit.ts';
import { DEFAULT_POLICY, type Policy } from './policy/policy.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { EntryRules, reportClashes } from './rules/apply.ts';
import type { Body } from './tree/body.ts';
import { Tree } from './tree/tree.ts';

/**
 * Inspects the exact bytes of a package archive. Synchronous, pure and bounded: memory does not grow with the
 * unpacked size, no input makes it throw, and a file that is not an archive is a rejected one.
 */
export function inspectAs(
  format: PackageFormat,
  input: Uint8Array,
  options: InspectOptions | DeferredOptions,
): Verdict | UndigestedVerdict {
  const bytes = Buffer.from(input.buffer, input.byteOffset, input.byteLength);
  return inspectOpen(format, openInMemory(format, bytes), {
    ...options,
    sha512: digestOf(bytes, options),
  });
}

/**
 * The same for a file that is read in parts, of a format that can be.
 *
 * @param options With the SHA-512 of the file: it is not read once more for that.
 * @throws what `file.read` throws, and TypeError for another format.
 */
export function inspectFileAs(
  format: PackageFormat,
  file: ArchiveFile,
  options: InspectOptions & { readonly sha512: string },
): Verdict {
  const sha512 = digestOf(NO_BYTES, options);
  return inspectOpen(format, openInParts(format, file), { ...options, sha512 }) as Verdict;
}

const NO_BYTES = new Uint8Array(0);

/** The limits of a policy, with those that a format has by itself where the policy leaves them as they are built in. */
function limitsOf({ unpackedBytes }: PackageFormat, { limits }: Policy): Limits {
  const own = limits.unpackedBytes !== DEFAULT_LIMITS.unpackedBytes;
  return own || unpackedBytes === undefined ? limits : { ...limits, unpackedBytes };
}

type OpenOptions = Omit<InspectOptions | DeferredOptions, 'sha512'> & {
  readonly sha512: string | undefined;
};

function inspectOpen(
  format: PackageFormat,
  archive: OpenArchive,
  options: OpenOptions,
): Verdict | UndigestedVerdict {
  const { policy = DEFAULT_POLICY, expected = {}, convertedFrom, unpacked, pieceBytes } = options;
  const { sha512 } = options;
  const limits = limitsOf(format, policy);
  const log = new FindingLog();
  /** Whole path of each entry, by its index, where the archive spells it otherwise than a tarball would. */
  const spelled: string[] = [];
  const observe = (seen: Observation): void => {
    const entry = seen.entryIndex === undefined ? undefined : spelled[seen.entryIndex];
    log.add(entry === undefined ? seen : { ...seen, entry });
  };
  const { layer } = archive;
  const { links } = policy;
  const mayLink = links === 'contained' || format.linksInside === true;
  const to = { observe, context: { links, mayLink, expected }, layer };

  const tree = new Tree(format.layout);
  const metadata = archive.metadata(tree, limits);
  const entryRules = new EntryRules(format.entryRules, to);
  let body: Body | undefined;
  const sink: ReadSink = {
    entry(entry: Entry, whole) {
      if (whole !== undefined) spelled[entry.index] = whole;
      entryRules.apply(entry);
      const key = tree.add(entry);
      body =
        key === undefined ? undefined : (metadata.bodyFor(entry, key) ?? tree.bodyFor(entry, key));
      return body !== undefined;
    },
    body: (piece) => body?.add(piece),
    description: (document) => metadata.describe(document),
    anomaly: ({ code, ...where }) => observe({ rule: code, ...where }),
    enough: () => tree.files.overflowed,
  };
  const { fileName } = expected;
  const read = archive.read(sink, { limits, unpacked, pieceBytes, fileName });
  metadata.end();
  tree.end(read.complete);

  const { clashes } = tree.files;
  const alike = archive.alike(clashes, { limits, pieceBytes });
  reportClashes(tree, (clash) => samePathRule(alike?.(clash) === true), to);
  metadata.apply(tree, to);

  const { entries, unpackedBytes } = read;
  const from = convertedFrom;
  return conclude(
    log,
    from === undefined || sha512 === undefined
      ? policy
      : withInherited(policy, { sha512, spelled, from }),
    {
      format: format.id,
      ecosystem: format.ecosystem,
      sha512,
      size: { compressedBytes: archive.length, unpackedBytes, entries },
      claimed: metadata.claimed,
      expected,
    },
  );
}
