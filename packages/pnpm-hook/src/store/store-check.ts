/* Compares the packages that pnpm may link from its store with their archives, before pnpm links any of them. */
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import {
  checkStore,
  openStoreIndex,
  startKnownStore,
  storeEntryOf,
  UnreadableStoreError,
  type CheckedStore,
  type FoundEntry,
  type KnownRows,
  type StoredPackage,
  type Seals,
  type StoreMismatch,
  type StoreIndex,
} from '@tarwarden/host/pnpm-store';
import { knownTree } from '@tarwarden/host';
import { HookError, notInspectedError, type Messages } from '../messages.ts';
import type { HookRefusals } from '../refusals.ts';
import type { PnpmSource } from '../source.ts';
import { differenceOf, mismatchHeadline, mismatchText } from './store-messages.ts';

/** Times that the index is read again, if another program writes to it meanwhile. */
const TRIES = 5;

type Locked = PnpmSource & { readonly integrity: string };

interface Reporters {
  readonly messages: Messages;
  readonly refusals: HookRefusals;
  readonly session: () => { readonly isFrozenStore?: boolean };
}

/** Knows the archives of packages, and remembers the seals of their files in a store. */
interface ArchiveTrees {
  /** The tree digest of the archive of a package. Undefined if the archive has none. */
  pnpmTree(source: PnpmSource): Promise<string | undefined>;
  readonly seals: Seals;
  flush(): void;
}

export class StoreCheck {
  readonly #hook: Reporters;
  readonly #folder: string;
  /** Undefined until it is opened. Null if the store has no index. */
  #index: StoreIndex | null | undefined;
  readonly #checked = new Set<string>();
  #believesSeals = true;

  /** @param folder The folder of one version of the store, such as `…/store/v11`. */
  constructor(folder: string, hook: Reporters) {
    this.#folder = folder;
    this.#hook = hook;
  }

  /** Whether the index may have an entry for an archive with this integrity. True if it cannot be read. */
  mayHold(integrity: string): boolean {
    try {
      // Base64 can spell the last bits in several ways.
      return this.#open()?.hasStart(integrity.replace(/[A-Za-z0-9+/]?=*$/, '')) ?? false;
    } catch {
      return true;
    }
  }

  /**
   * Starts to check again the packages that {@link check} has checked in an earlier run. The function that it returns says whether all is
   * as it was. Otherwise they have to be checked one by one.
   * @param integrities Of these packages.
   */
  startKnown({ rows, ...checked }: KnownStore, integrities: readonly string[]): () => boolean {
    const { isFrozenStore: isFrozen = false } = this.#hook.session();
    const folder = this.#folder;
    const finish = startKnownStore({ folder, rows, checked, isFrozen, startThread });
    return () => {
      const state = finish();
      if (state === 'same') for (const integrity of integrities) this.#checked.add(integrity);
      // Only hashing all files shows again which file is broken.
      if (state === 'broken') this.#believesSeals = false;
      return state === 'same';
    };
  }

  /** The rows that were read so far. Undefined if they cannot be recognised. */
  knownRows(): KnownRows | undefined {
    return this.#open()?.knownRows();
  }

  /**
   * Checks the packages that the store has. Others, and those that were checked before, cost nothing. Returns the files that were
   * checked, if all were compared with their archives.
   * @throws HookError if a copy in the store differs from its archive.
   */
  async check(
    sources: readonly PnpmSource[],
    guard: ArchiveTrees,
  ): Promise<CheckedStore | undefined> {
    const { refusals } = this.#hook;
    const due = sources.filter((source): source is Locked => {
      const { integrity } = source;
      return integrity !== undefined && !this.#checked.has(integrity);
    });
    if (due.length === 0) return undefined;
    const found = refusals.keep(() => this.#entriesOf(due));
    const packages: StoredPackage[] = [];
    const outcomes = await Promise.allSettled(
      found.map(async ({ source, entries }) => {
        const tree = await guard.pnpmTree(source);
        const { id, expected } = source;
        if (tree === undefined) this.#hook.messages.warn(notCompared(id));
        else packages.push({ id, version: expected?.version, tree, entries });
      }),
    );
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    const report = await checkStore({
      folder: this.#folder,
      packages,
      seals: this.#believesSeals ? guard.seals : NO_SEALS,
      startThread,
    });
    if (report.unknown > 0) guard.flush();
    const trees = new Map(packages.map(({ id, tree }) => [id, tree]));
    const mismatches = report.mismatches.map((found) => withDifference(found, trees));
    const [first] = mismatches;
    if (first !== undefined) {
      for (const mismatch of mismatches.slice(0, SHOWN_MAX))
        this.#hook.messages.show(mismatchText(this.#folder, mismatch));
      const more = mismatches.length - 1;
      throw refusals.add(new HookError('STORE_MISMATCH', mismatchHeadline(first, more)));
    }
    for (const { integrity } of due) this.#checked.add(integrity);
    return packages.length === found.length ? report.checked : undefined;
  }

  #open(): StoreIndex | null {
    return (this.#index ??=
      openStoreIndex(this.#folder, this.#hook.session().isFrozenStore) ?? null);
  }

  #entriesOf(
    sources: readonly Locked[],
  ): { readonly source: Locked; readonly entries: readonly FoundEntry[] }[] {
    for (let tries = 1; ; tries += 1) {
      try {
        const index = this.#open();
        if (index === null) return [];
        const found = sources.flatMap((source) => {
          const entries = index.entriesOf(source.integrity);
          return entries.length === 0 ? [] : [{ source, entries }];
        });
        if (tries === TRIES || !index.hasChanged()) return found;
      } catch (error) {
        if (!(error instanceof UnreadableStoreError)) throw error;
        if (tries === TRIES) throw unreadableStore(this.#folder, error);
      }
      this.#index?.close();
      this.#index = undefined;
    }
  }
}

/** Describes a store in which all packages of an install were checked. */
export interface KnownStore extends CheckedStore {
  readonly rows: KnownRows;
}

/** So that every file is hashed. */
const NO_SEALS: Seals = { getLink: () => undefined, putLink: () => undefined };

/** Packages that are shown in full. */
const SHOWN_MAX = 10;

/** Names the file that differs, if this machine knows the files of the archive. */
function withDifference(found: StoreMismatch, trees: ReadonlyMap<string, string>): StoreMismatch {
  const { mismatch, entry, id } = found;
  if (mismatch.kind !== 'files') return found;
  const { files } = storeEntryOf(entry.data, entry.format);
  const difference = differenceOf(files, knownTree(trees.get(id) ?? ''));
  return difference === undefined ? found : { ...found, mismatch: { ...mismatch, difference } };
}

function startThread(): Worker {
  return new Worker(join(dirname(__filename), 'store-thread.cjs'));
}

function notCompared(id: string): string {
  return `the copy of ${id} in pnpm's store is not compared with its archive: your policy accepts this archive although it has special entries, so it has no tree digest`;
}

function unreadableStore(folder: string, error: UnreadableStoreError): HookError {
  return notInspectedError(
    `the index of pnpm's store ${JSON.stringify(folder)} cannot be read, so nothing of the store is installed (${error.message}): ` +
      'end other runs of pnpm, or remove the store, and install again',
    { cause: error },
  );
}
