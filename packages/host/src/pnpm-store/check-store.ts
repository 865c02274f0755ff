/*
 * Checks packages in a store before pnpm links them: in several threads if there are many. docs/design/0027-pnpm-store.md has the
 * reasons, and says what a seal is.
 */
import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import {
  checkPackage,
  fileStart,
  type CheckedFiles,
  type PackageMismatch,
  type PackageResult,
  type PackageTask,
} from './check-package.ts';
import { FACTS } from './file-facts.ts';
import { factsDigest, startKnownFiles, type FilesState, type KnownFiles } from './known-files.ts';
import type { KnownRows } from './known-rows.ts';
import { hasRows, type FoundEntry } from './store-index.ts';

/** A package of a lockfile that the store has. */
export interface StoredPackage {
  readonly id: string;
  readonly version?: string | undefined;
  /** The tree digest of its archive, for pnpm. */
  readonly tree: string;
  /** All entries that pnpm may use for it. */
  readonly entries: readonly FoundEntry[];
}

export interface StoreMismatch {
  readonly id: string;
  readonly entry: FoundEntry;
  readonly mismatch: PackageMismatch;
}

export interface StoreReport {
  readonly mismatches: readonly StoreMismatch[];
  /** Packages of which the store also has files that build scripts made. */
  readonly built: readonly string[];
  /** Packages that had no seal, or another one. */
  readonly unknown: number;
  /** All files that were checked. Undefined if the store lacks one, or if a package has no seal. */
  readonly checked?: CheckedStore | undefined;
}

/** The files of all entries that were checked, for {@link startKnownStore}. */
export interface CheckedStore {
  readonly files: KnownFiles;
  /** The names of the files, each with a line feed. */
  readonly names: Uint8Array;
}

/** Remembers seals so that only this machine can have written them. */
export interface Seals {
  getLink(name: string): string | undefined;
  putLink(name: string, text: string): void;
}

export interface CheckStoreOptions {
  /** The folder of one version of the store. */
  readonly folder: string;
  readonly packages: readonly StoredPackage[];
  readonly seals: Seals;
  /** Starts a thread of `thread.ts`. Without it, all runs in this thread. */
  readonly startThread?: () => Worker;
}

/** With fewer entries, a thread takes longer to start than it saves. */
const THREAD_ENTRIES_MIN = 100;
const THREADS_MAX = 4;
/** Bytes of known files that are hashed all the same, in all packages together: 0.1 s of one thread. */
const SAMPLE_BYTES = 32 * 1024 * 1024;

export async function checkStore(options: CheckStoreOptions): Promise<StoreReport> {
  const { folder, packages, seals } = options;
  const all = packages.flatMap(({ entries, ...stored }) =>
    entries.map((entry) => ({ ...stored, entry, seal: sealName(folder, entry) })),
  );
  const sampleBytes = sampleOf(all.length);
  const tasks = all.map(({ entry, seal, tree, version }): PackageTask => {
    const { data, format } = entry;
    return { folder, data, format, tree, version, seal: seals.getLink(seal), sampleBytes };
  });
  const results = await inThreads(tasks, options.startThread);
  const mismatches: StoreMismatch[] = [];
  const built: string[] = [];
  let unknown = 0;
  all.forEach(({ id, entry, seal }, index) => {
    const result = results[index]!;
    if ('mismatch' in result) {
      mismatches.push({ id, entry, mismatch: result.mismatch });
      return;
    }
    if (result.hasBuilds) built.push(id);
    if (result.isKnown) return;
    unknown += 1;
    if (result.seal !== undefined) seals.putLink(seal, result.seal);
  });
  return { mismatches, built, unknown, checked: checkedStore(results) };
}

function sampleOf(entries: number): number {
  return Math.floor(SAMPLE_BYTES / Math.max(1, entries));
}

function checkedStore(results: readonly PackageResult[]): CheckedStore | undefined {
  const packages: CheckedFiles[] = [];
  for (const result of results) {
    if ('mismatch' in result || result.seal === undefined || !result.files.areAll) return undefined;
    packages.push(result.files);
  }
  const facts = new Float64Array(packages.reduce((sum, { facts }) => sum + facts.length, 0));
  let at = 0;
  for (const own of packages) {
    facts.set(own.facts, at);
    at += own.facts.length;
  }
  return {
    files: {
      packages: packages.map((own) => [own.facts.length / FACTS, Buffer.byteLength(own.names)]),
      facts: factsDigest(facts),
    },
    names: Buffer.from(packages.map(({ names }) => names).join('')),
  };
}

export interface KnownStoreOptions extends Pick<CheckStoreOptions, 'folder' | 'startThread'> {
  readonly rows: KnownRows;
  readonly checked: CheckedStore;
  /** Whether pnpm reads the index without the write-ahead log. */
  readonly isFrozen: boolean;
}

/** Starts to check entries that were checked before. The function that it returns says whether all is as it was. */
export function startKnownStore(options: KnownStoreOptions): () => FilesState {
  const { folder, rows, checked, isFrozen, startThread } = options;
  const { files, names } = checked;
  const sampleBytes = sampleOf(files.packages.length);
  const start = fileStart(folder);
  const finish = startKnownFiles(files, { start, names, sampleBytes, startThread });
  return () => (hasRows(folder, rows, isFrozen) ? finish() : 'other');
}

function sealName(folder: string, { name }: FoundEntry): string {
  return `pnpm-seal:${folder}\n${name}`;
}

/** This thread takes a share too. */
async function inThreads(
  tasks: readonly PackageTask[],
  startThread: (() => Worker) | undefined,
): Promise<readonly PackageResult[]> {
  const count = Math.min(
    availableParallelism(),
    THREADS_MAX,
    Math.floor(tasks.length / THREAD_ENTRIES_MIN) + 1,
  );
  if (startThread === undefined || count === 1) return tasks.map(checkPackage);
  const shares = Array.from({ length: count }, (_, share) =>
    tasks.filter((_task, index) => index % count === share),
  );
  const [own = [], ...others] = shares;
  const asked = others.map((share) => askThread(startThread, share));
  const answers = [own.map(checkPackage), ...(await Promise.all(asked))];
  return tasks.map((_task, index) => answers[index % count]![Math.floor(index / count)]!);
}

/** If a thread fails, this thread does its work. */
function askThread(start: () => Worker, tasks: readonly PackageTask[]): Promise<PackageResult[]> {
  return new Promise<PackageResult[]>((resolve, reject) => {
    const worker = start();
    worker.once('message', (results: PackageResult[]) => {
      resolve(results);
      void worker.terminate();
    });
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('the thread ended')));
    worker.postMessage(tasks);
  }).catch(() => tasks.map(checkPackage));
}
