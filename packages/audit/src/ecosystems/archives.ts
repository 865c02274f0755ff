/* Archives of other ecosystems than npm's: where each is found, and under what its verdict is remembered. */
import type { ExpectedPackage, Format, Verdict } from '@tarwarden/core';
import type { VerdictKey, VerdictStore } from '@tarwarden/host';
import type { LockfileEntry, AuditTask } from '../plan.ts';
import type { BytesFrom, Check, NotInspectedReason } from '../result.ts';

/** An archive that has the integrity of the lockfile, as far as it has one. */
export interface FoundArchive {
  /** The bytes, or the path of a file of ours. */
  readonly content: Buffer | string;
  readonly from: BytesFrom;
  readonly format: Format;
  readonly expected: ExpectedPackage;
  /** Under which the verdict is remembered too, where what the lockfile pins is not the SHA-512. */
  readonly key?: VerdictKey;
  /** Nothing in the lockfile says that it is the one: a sentence about what was inspected. */
  readonly unpinned?: string;
  /** It could not be compared with the lockfile, which only what is rejected excuses: why. */
  readonly unverified?: string;
  /** Removes the file. */
  readonly dispose?: () => void;
}

export type FindResult = FoundArchive | RememberedArchive | NotInspectedReason;

export interface RememberedArchive {
  readonly remembered: Verdict;
  readonly expected: ExpectedPackage;
  readonly fileName?: string;
}

export interface FindContext {
  readonly store: VerdictStore;
  readonly report: (check: Check) => void;
}

/** One ecosystem, with the settings of the user. */
export interface ArchiveFinder {
  /** The host of an address, and whether the user has configured it, or it is the public one. */
  hostOf(url: string): { readonly host: string; readonly known: boolean };
  /** Whether an unknown host is a reason for a warning only. */
  readonly isLenient?: boolean;
  /**
   * Every archive that a client may take for an entry, at least one.
   *
   * @throws nothing that a person should see as a bug: what cannot be had is a result.
   */
  find(entry: LockfileEntry, asked: FindContext): AsyncIterable<FindResult>;
}

/** Places of one archive that are tried. Lockfiles can name any number. */
const PLACES_MAX = 4;

/** The archives at the first place that has any: entries that pin the same bytes may name different places. */
export async function* findFirst(
  task: AuditTask,
  archives: ArchiveFinder,
  asked: FindContext,
): AsyncGenerator<FindResult> {
  const places = new Map(
    task.map((entry) => [JSON.stringify([entry.locked.source, entry.indexes]), entry]),
  );
  let first: FindResult | undefined;
  for (const entry of [...places.values()].slice(0, PLACES_MAX)) {
    let isThere = false;
    // oxlint-disable-next-line no-await-in-loop -- the next is asked where this one has it not
    for await (const found of archives.find(entry, asked)) {
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

export const OFFLINE: NotInspectedReason = noBytes(
  'no cache has it, and nothing is downloaded with --offline',
);

export function noIntegrity(): NotInspectedReason {
  return {
    code: 'NO_INTEGRITY',
    message: 'the lockfile has no hash for it, so nobody knows which bytes will be installed',
    remedy: 'have the lockfile written anew, with hashes',
  };
}

/** What was handed out is not what is pinned: somebody changed it, there or in the lockfile. */
export function otherBytes(where: string, pinned: string): Check {
  return {
    id: 'integrity-mismatch',
    level: 'error',
    message: `${where} has other bytes than the lockfile pins (${pinned})`,
  };
}
