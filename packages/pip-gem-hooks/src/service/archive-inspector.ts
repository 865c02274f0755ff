/* The only file here that imports the core. It is loaded after a guard has said hello, while its client still starts. */
import { hash } from 'node:crypto';
import { isAbsolute } from 'node:path';
import {
  inspect,
  isFormat,
  readsFiles,
  type ExpectedPackage,
  type Format,
  type InspectOptions,
  type Verdict,
} from '@tarwarden/core';
import {
  gemEntryStatements,
  metadataFileClaim,
  specifierKey,
  unsafeGemParts,
} from '@tarwarden/core/metadata';
import type { Claim } from '@tarwarden/core/policy';
import { openGuardFor, PackageRefusal, Refusals } from '@tarwarden/guard/kit';
import {
  errnoOf,
  guard,
  inspectInParts,
  openArchive,
  refuseUninspected,
  reportVerdict,
  type GuardState,
  type OpenedArchive,
  type Refusal,
  type Refused,
  type Subject,
} from '@tarwarden/guard';
import { isOfOwnIndex } from '@tarwarden/clients/settings';
import {
  pathInHex,
  type ArchiveQuestion,
  type IndexWords,
  type NameQuestion,
  type SourceQuestion,
  type StoppedPackage,
} from './protocol.ts';

/** Advice for a source that the user did not choose. */
const NAME_IT = 'Leave out what asks for it. If you trust it, name it yourself, by this URL.';

/** Advice for a name that is a path. */
const LEAVE_IT =
  'If you typed it, check the spelling. Otherwise leave out the gem that depends on it, and report that gem to its source.';

const LEAVE_OUT =
  'Do not install this package: no ordinary one has such a path. If your client writes there without it as well, report that to tarwarden.';

export interface ArchiveInspectorOptions {
  /** Folder of the project whose policy counts. Absent if only the user's own policy counts. */
  readonly project?: string;
  readonly env: NodeJS.ProcessEnv;
  /** Called for each refusal, once. */
  readonly onRefusal: (refused: Refused) => void;
}

/** The inspector for archives in files. */
export class ArchiveInspector {
  /** Notes on the policy for a person, one line each, escaped. */
  readonly warnings: readonly string[];
  readonly #state: GuardState;
  readonly #options: ArchiveInspectorOptions;
  readonly #refusals = new Refusals<PackageRefusal>();

  /** Reads the policy files. @throws what `loadPolicy` throws. */
  constructor(options: ArchiveInspectorOptions) {
    this.#options = options;
    ({ state: this.#state, warnings: this.warnings } = openGuardFor(options));
  }

  /**
   * The verdict of an archive that is accepted.
   * @throws PackageRefusal for a rejected archive, and for all later calls, because a client may ignore an error and continue.
   */
  async inspect(question: ArchiveQuestion & { readonly path: string | Buffer }): Promise<Verdict> {
    this.#refusals.rethrow();
    const { path, sha256 } = question;
    let opened: OpenedFile | undefined;
    try {
      const subject = this.#subject(question, path, indexClaims(question));
      const inspectedAs = expectedArchive(question);
      opened = open(path, { sha256, ...inspectedAs, policy: this.#state.policy });
      const archive = {
        subject,
        integrity: integrityOf(sha256),
        inspectedAs,
        inspect: opened.inspect,
      };
      const { verdict, refusal } = await guard(archive, this.#state);
      if (refusal !== undefined) throw this.#error(refusal);
      return verdict;
    } catch (cause) {
      if (cause instanceof PackageRefusal) throw cause;
      const subject = this.#subject(question, path);
      throw this.#uninspected(subject, 'the inspection failed', { cause });
    } finally {
      opened?.close?.();
    }
  }

  #error({ refused, cause }: Refusal): PackageRefusal {
    const refusal = this.#refusals.add(new PackageRefusal(refused, cause));
    this.#options.onRefusal(refused);
    return refusal;
  }

  #uninspected(
    subject: Subject,
    why: string,
    options: { readonly cause?: unknown; readonly remedy?: string },
  ): PackageRefusal {
    return this.#error(refuseUninspected(subject, why, this.#state, options));
  }

  /**
   * Lets a folder or repository pass without inspection if the user chose it.
   * @throws PackageRefusal if a package chose it, and after every refusal.
   */
  takeSource({ kind, label, source, chosenBy }: SourceQuestion): void {
    this.#refusals.rethrow();
    if (chosenBy === undefined) return;
    const kindText = kind === 'file' ? 'a file on this machine' : `a ${kind}, not an archive`;
    const why = `it is ${kindText}, and chosen by ${chosenBy}`;
    throw this.#uninspected({ label, source }, why, { remedy: NAME_IT });
  }

  /**
   * Lets a name pass if a path made from it stays in its folder.
   * @throws PackageRefusal if the path may lead elsewhere, and after every refusal.
   */
  takeName({ format, name, version, platform, source }: NameQuestion): void {
    this.#refusals.rethrow();
    if (format !== 'gem') throw new Error('its guard asks about a name of an unknown format');
    const platforms = platform === undefined ? [] : [platform];
    const [unsafe] = unsafeGemParts({ name, version, platforms });
    if (unsafe === undefined) return;
    const why = `no gem can have ${unsafe}, and RubyGems and Bundler would make a path of it`;
    const label = [name, version].filter(Boolean).join('@');
    throw this.#uninspected({ label, source }, why, { remedy: LEAVE_IT });
  }

  /** @throws PackageRefusal always, because the guard has stopped the package. */
  stop({ label, source, reason }: StoppedPackage): never {
    this.#refusals.rethrow();
    throw this.#uninspected({ label, source }, reason, { remedy: LEAVE_OUT });
  }

  /** Whether an archive was accepted earlier under these rules and this policy. Needs no bytes. */
  wasAccepted(question: ArchiveQuestion): boolean {
    const key = { integrity: integrityOf(question.sha256), ...expectedArchive(question) };
    const verdict = this.#state.store.get(key);
    if (verdict?.status !== 'accept') return false;
    reportVerdict(verdict, this.#subject(question), this.#state, { remembered: true });
    return true;
  }

  /** The name of an archive: its name and version if they are known, else its file name. */
  #subject(
    { name, version, fileName, source, use, format }: ArchiveQuestion,
    path?: string | Buffer,
    claims?: readonly Claim[],
  ): Subject {
    const { env } = this.#options;
    const location = source ?? path?.toString();
    const isPromised = name !== undefined && version !== undefined;
    return {
      label: isPromised ? `${name}@${version}` : fileName,
      source: location,
      ...(isPromised && { expected: { name, version } }),
      isUpload: use === 'publish',
      claims,
      // A getter, because the settings of the client are read for a refusal only.
      get isOfOwnIndex() {
        const client = format === 'gem' ? 'gem' : 'pip';
        return location === undefined ? undefined : isOfOwnIndex(location, { client, env });
      },
    };
  }
}

interface OpenedFile {
  readonly inspect: () => Verdict;
  readonly close?: () => void;
}

/** Opens a file that has the given SHA-256: in memory, or in parts if it is large and its format allows that. */
function open(
  path: string | Buffer,
  { sha256, ...options }: InspectOptions & { readonly format: Format; readonly sha256: string },
): OpenedFile {
  const archive = readSeenArchive(path, { sha256, inParts: readsFiles(options.format) });
  if ('bytes' in archive) {
    const { bytes } = archive;
    return { inspect: () => inspect(bytes, options) };
  }
  const { file } = archive;
  return {
    inspect: () => inspectInParts(file, options),
    close: () => file.close(),
  };
}

interface ExpectedArchive {
  readonly format: Format;
  readonly expected: ExpectedPackage;
}

function expectedArchive({
  format,
  fileName,
  name,
  version,
  use,
}: ArchiveQuestion): ExpectedArchive {
  if (!isFormat(format)) throw new Error('its guard names a format that is not known');
  return {
    format,
    expected: {
      // A registry gives an upload its own file name: `gem build --output` may have chosen any.
      ...(use !== 'publish' && { fileName }),
      ...(name !== undefined && { name }),
      ...(version !== undefined && { version }),
    },
  };
}

function integrityOf(sha256: string): string {
  return `sha256-${Buffer.from(sha256, 'hex').toString('base64')}`;
}

/** The claims of an index, from the words that a guard has seen. @throws ArchiveFileError if the metadata file is not the one that the client has read. */
function indexClaims({ sha256, words = {} }: Pick<ArchiveQuestion, 'sha256' | 'words'>): Claim[] {
  return [
    ...pageClaim(words),
    ...metadataClaim(words),
    ...gemClaim(words.indexEntry, 'the compact index', sha256),
    ...gemClaim(words.indexGemspec, 'the quick index', sha256),
  ];
}

function pageClaim({ requiresPython }: IndexWords): Claim[] {
  if (requiresPython === undefined) return [];
  const python = specifierKey(requiresPython);
  return [{ ecosystem: 'pypi', by: 'the page of the index', says: { python } }];
}

function metadataClaim({ metadataPathHex, metadataSha256 }: IndexWords): Claim[] {
  if (metadataPathHex === undefined) return [];
  const metadataFile = readSeenArchive(pathInHex(metadataPathHex), {
    sha256: metadataSha256 ?? '',
    inParts: false,
  });
  return 'bytes' in metadataFile
    ? [metadataFileClaim(metadataFile.bytes, 'the metadata file of the index')]
    : [];
}

function gemClaim(entry: string | undefined, by: string, computedSha256: string): Claim[] {
  if (entry === undefined) return [];
  const { says, sha256: statedSha256 } = gemEntryStatements(entry);
  const checksum = statedSha256 !== undefined && {
    checksum: { indexed: statedSha256, computed: computedSha256 },
  };
  return [{ ecosystem: 'rubygems', by, says, ...checksum }];
}

/** A file that was not read, or is not the one that the guard has seen. */
class ArchiveFileError extends Error {
  override readonly name = 'ArchiveFileError';
}

/** The bytes of an archive, or the open file if it is large and its format can be read in parts. */
type ReadArchive = Extract<OpenedArchive, { bytes: unknown } | { file: unknown }>;

/** Reads a regular file that is no link. It must have the SHA-256 (lower-case hex) that the guard computed from the client's bytes. */
function readSeenArchive(
  path: string | Buffer,
  { sha256, inParts }: { readonly sha256: string; readonly inParts: boolean },
): ReadArchive {
  if (!isAbsolute(path.toString('latin1'))) throw new ArchiveFileError('its path is not absolute');
  const opened = openedOrRefused(path, inParts);
  if ('problem' in opened)
    throw new ArchiveFileError(
      opened.problem === 'not-a-file'
        ? 'it is not a regular file'
        : `it has more than ${opened.bytesMax} bytes, and no more are read`,
    );
  const actualSha256 = 'bytes' in opened ? hash('sha256', opened.bytes, 'hex') : opened.file.sha256;
  if (actualSha256 === sha256) return opened;
  if ('file' in opened) opened.file.close();
  throw new ArchiveFileError('the file changed while it was looked at');
}

function openedOrRefused(path: string | Buffer, inParts: boolean): OpenedArchive {
  try {
    return openArchive(path, { inParts, follow: false });
  } catch (error) {
    throw new ArchiveFileError(`it cannot be opened (${errnoOf(error)})`, { cause: error });
  }
}
