/* The archives of an entry, the keys under which their verdicts are remembered, and what the finders of all ecosystems share. */
import type { ExpectedPackage, Format, Verdict } from '@tarwarden/core';
import { MAX_ARCHIVE_FILE_BYTES } from '@tarwarden/core/limits';
import type { Claim } from '@tarwarden/core/policy';
import { printable, printablePath, redactUrl, quote } from '@tarwarden/core/text';
import {
  folderNames,
  isMissing,
  readBounded,
  type VerdictKey,
  type VerdictStore,
  hasIntegrity,
  isWithin,
  realAsFar,
} from '@tarwarden/guard';
import type { LockfileEntry, AuditTask } from './plan.ts';
import type { BytesFrom, Check, NotInspectedReason } from './result.ts';
import { join } from 'node:path';

/** The claims about an archive, or the reason why they could not be fetched. A verdict can show that nothing has to be fetched. */
export type ClaimsFor = (verdict: Verdict) => Promise<readonly Claim[] | NotInspectedReason>;

/** An archive that has the integrity of the lockfile, if the lockfile has one. */
export interface FoundArchive {
  /** The bytes, or the path of a temporary file of the audit. */
  readonly content: Buffer | string;
  readonly from: BytesFrom;
  /** The address of the download, without credentials. Absent for bytes of a cache. */
  readonly address?: string;
  readonly format: Format;
  /** The identity that the archive must have. Absent if any package may be at an address. */
  readonly expected?: ExpectedPackage | undefined;
  /** Another key for the verdict, if the lockfile pins another hash than the SHA-512. */
  readonly key?: VerdictKey;
  /** Set if the lockfile has no hash for the archive. It says in words which archive was inspected, and why. */
  readonly unpinned?: string;
  /** The reason why the archive could not be compared with the lockfile. An accepted archive counts as not inspected then. */
  readonly unverified?: string;
  /** Removes the file. */
  readonly dispose?: (() => void) | undefined;
  /** The words of an index or a lockfile about it. */
  readonly claimsFor?: ClaimsFor;
}

export type FindResult = FoundArchive | RememberedArchive | NotInspectedReason;

export interface RememberedArchive {
  readonly remembered: Verdict;
  readonly expected?: ExpectedPackage | undefined;
  readonly fileName?: string;
  readonly claimsFor?: ClaimsFor;
}

export interface FindContext {
  readonly store: VerdictStore;
  readonly report: (check: Check) => void;
  /** The bytes are compared with something, so a remembered verdict is not enough if a cache has them. */
  readonly needsBytes?: true;
  /** Whether an archive is wanted that the client may take instead of the named one. All are if it is absent. */
  readonly wants?: (fileName: string) => boolean;
}

/** Finds the archives of one ecosystem, with the settings of the user. All that differs between the ecosystems is here. */
export interface ArchiveFinder {
  /** Whether the user has configured the host of an address, or it is the public one. */
  knowsHost(url: URL): boolean;
  /** An unknown host is a warning, and not an error. */
  readonly isLenient?: boolean;
  /** The address of an entry. If it is absent, the source of the entry counts. */
  addressOf?(entry: LockfileEntry): string | undefined;
  /**
   * Yields every archive that a client may take for an entry, and at least one result. An archive that cannot be fetched is a result
   * too, and no error is thrown.
   */
  findArchives(entry: LockfileEntry, context: FindContext): AsyncIterable<FindResult>;
}

/** The audit tries this many sources of one archive. Lockfiles can name any number. */
const PLACES_MAX = 4;

/** Entries that pin the same bytes may name different sources. The first source that has archives counts. */
export async function* findFirst(
  task: AuditTask,
  archives: ArchiveFinder,
  context: FindContext,
): AsyncGenerator<FindResult> {
  const sources = new Map(
    task.map((entry) => [
      archives.addressOf?.(entry) ?? JSON.stringify([entry.locked.source, entry.indexes]),
      entry,
    ]),
  );
  let first: FindResult | undefined;
  for (const entry of [...sources.values()].slice(0, PLACES_MAX)) {
    let isThere = false;
    // oxlint-disable-next-line no-await-in-loop -- the next source is used only if this one does not have the archive
    for await (const result of archives.findArchives(entry, context)) {
      if (isThere || !('code' in result)) {
        isThere = true;
        yield result;
      } else first ??= result;
    }
    if (isThere) return;
  }
  yield first ?? noBytes('nothing says where it is');
}

export function noBytes(message: string, remedy?: string): NotInspectedReason {
  return { code: 'NO_BYTES', message, ...(remedy !== undefined && { remedy }) };
}

/** The message of an error of a download, in one line without credentials. */
export function failureText(error: unknown, charsMax = 2048): string {
  return printable(redactUrl(error instanceof Error ? error.message : String(error)), charsMax);
}

/** The reason for a package that would have to be downloaded. */
export const OFFLINE: NotInspectedReason = {
  code: 'NO_BYTES',
  message: 'not in any cache, and --offline was given',
  remedy: 'run this again without --offline',
};

export const NO_INTEGRITY: NotInspectedReason = {
  code: 'NO_INTEGRITY',
  message: 'the lockfile has no hash for it, so nobody knows which bytes will be installed',
  remedy: 'have the package manager write the lockfile anew, with hashes',
};

/** Reports that a source has other bytes than the lockfile pins, so somebody changed one of them. */
export function otherBytes(
  sourceText: string,
  pinned: string,
  report: FindContext['report'],
): NotInspectedReason {
  const message = `${sourceText} has other bytes than the lockfile pins (${pinned})`;
  report({ id: 'integrity-mismatch', level: 'error', message });
  return noBytes(`${sourceText} does not have the hash of the lockfile`);
}

/** The check for a cache that has other bytes under a name. */
export function mismatch(path: string, level: 'error' | 'warning'): Check {
  const printedPath = printablePath(path);
  const message = `a cache has bytes for it that are not those of the lockfile: ${printedPath}`;
  return { id: 'cache-mismatch', level, message };
}

/** The bytes of the first file of a cache that has the right ones. Files with other bytes are reported. */
export function firstRight(
  paths: Iterable<string>,
  isRight: (bytes: Buffer) => boolean,
  report: (check: Check) => void,
): Buffer | undefined {
  for (const path of paths) {
    const bytes = readArchiveFile(path);
    if (bytes === undefined) continue;
    if (isRight(bytes)) return bytes;
    report(mismatch(path, 'warning'));
  }
  return undefined;
}

/** The bytes of an archive on disk. Undefined if there is no file that this user can read. */
export function readArchiveFile(path: string): Buffer | undefined {
  try {
    return readBounded(path, { bytesMax: MAX_ARCHIVE_FILE_BYTES, follow: false }).bytes;
  } catch (error) {
    if (isMissing(error)) return undefined;
    const { code = '' } = error as NodeJS.ErrnoException;
    // A link, or a file that this user may not read, counts as missing.
    if (['ELOOP', 'EACCES', 'EPERM', 'EISDIR'].includes(code)) return undefined;
    throw error;
  }
}

/** All names in a folder, sorted. Empty if the folder cannot be read. */
export function namesIn(path: string): string[] {
  return folderNames(path).toSorted();
}

/** Adds claims to what was found. */
export function claimed<Result extends FindResult>(
  result: Result,
  claimsFor: ClaimsFor | undefined,
): Result {
  return 'code' in result || claimsFor === undefined ? result : { ...result, claimsFor };
}

/** @param root The folder of the whole project. A lockfile must not make an audit read files outside it. */
export function localArchive(
  { locked: { source, integrity }, folder }: LockfileEntry,
  root: string,
): { readonly content: Buffer; readonly from: 'file' } | NotInspectedReason {
  if (source.type !== 'file') throw new TypeError('not an archive on disk');
  const path = realAsFar(join(folder, source.path));
  const name = quote(source.path);
  if (!isWithin(realAsFar(root), path))
    return noBytes(
      `${name} leads out of the project, and is not read`,
      `inspect it by \`tarwarden scan\``,
    );
  const content = readArchiveFile(path);
  if (content === undefined) return noBytes(`there is no file ${name} that can be read`);
  if (integrity?.type === 'sri' && !hasIntegrity(content, integrity.value))
    return noBytes(
      `${name} does not have the integrity of the lockfile`,
      'have the lockfile written anew, if the file was changed on purpose',
    );
  return { content, from: 'file' };
}
