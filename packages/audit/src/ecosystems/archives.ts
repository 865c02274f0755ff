/* Finds archives of other ecosystems than npm, and the keys under which their verdicts are remembered. */
import type { ExpectedPackage, Format, Verdict } from '@tarwarden/core';
import type { Claim } from '@tarwarden/core/policy';
import type { VerdictKey, VerdictStore } from '@tarwarden/host';
import type { LockfileEntry, AuditTask } from '../plan.ts';
import type { BytesFrom, Check, NotInspectedReason } from '../result.ts';

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
  readonly expected: ExpectedPackage;
  /** Another key for the verdict, if the lockfile pins another hash than the SHA-512. */
  readonly key?: VerdictKey;
  /** Set if the lockfile has no hash for the archive. It says in words which archive was inspected. */
  readonly unpinned?: string;
  /** The reason why the archive could not be compared with the lockfile. An accepted archive counts as not inspected then. */
  readonly unverified?: string;
  /** Removes the file. */
  readonly dispose?: () => void;
  /** The words of an index or a lockfile about it. */
  readonly claimsFor?: ClaimsFor;
}

export type FindResult = FoundArchive | RememberedArchive | NotInspectedReason;

export interface RememberedArchive {
  readonly remembered: Verdict;
  readonly expected: ExpectedPackage;
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

/** Finds the archives of one ecosystem, with the settings of the user. */
export interface ArchiveFinder {
  /** The host of an address. It is known if the user has configured it, or if it is the public one. */
  hostOf(url: string): { readonly host: string; readonly known: boolean };
  /** An unknown host is a warning, and not an error. */
  readonly isLenient?: boolean;
  /**
   * Yields every archive that a client may take for an entry, and at least one result. An archive that cannot be fetched is a result
   * too, and no error is thrown.
   */
  find(entry: LockfileEntry, context: FindContext): AsyncIterable<FindResult>;
}

/** The audit tries this many sources of one archive. Lockfiles can name any number. */
const PLACES_MAX = 4;

/** Entries that pin the same bytes may name different sources. The first source that has archives counts. */
export async function* findFirst(
  task: AuditTask,
  archives: ArchiveFinder,
  context: FindContext,
): AsyncGenerator<FindResult> {
  const places = new Map(
    task.map((entry) => [JSON.stringify([entry.locked.source, entry.indexes]), entry]),
  );
  let first: FindResult | undefined;
  for (const entry of [...places.values()].slice(0, PLACES_MAX)) {
    let isThere = false;
    // oxlint-disable-next-line no-await-in-loop -- the next is asked where this one has it not
    for await (const found of archives.find(entry, context)) {
      if (isThere || !('code' in found)) {
        isThere = true;
        yield found;
      } else first ??= found;
    }
    if (isThere) return;
  }
  yield first ?? noBytes('nothing says where it is');
}

export function noBytes(message: string, remedy?: string): NotInspectedReason {
  return { code: 'NO_BYTES', message, ...(remedy !== undefined && { remedy }) };
}

export function noIntegrity(): NotInspectedReason {
  return {
    code: 'NO_INTEGRITY',
    message: 'the lockfile has no hash for it, so nobody knows which bytes will be installed',
    remedy: 'have the lockfile written anew, with hashes',
  };
}

/** The source has other bytes than the lockfile pins, so somebody changed one of them. */
export function otherBytes(where: string, pinned: string): Check {
  return {
    id: 'integrity-mismatch',
    level: 'error',
    message: `${where} has other bytes than the lockfile pins (${pinned})`,
  };
}
