/*
 * Checks the files of all packages of an install at once. They were compared with their archives one by one before, and the rows of the
 * index that name them are the same (known-rows.ts). The check is that of the seals: the facts of each file are the same, and files that
 * changed alone and a random sample still have their content. There are no objects for each package and file, which take longer than the
 * check itself.
 */
import { hash } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import { digestOfFile } from '../files/digest-of-file.ts';
import { FACTS, haveBirths, putFacts, suspects } from './file-facts.ts';

/** The files of an install. */
export interface KnownFiles {
  /** For each package, the number of its files, and of the bytes of their names. */
  readonly packages: readonly (readonly [files: number, bytes: number])[];
  /** SHA-256 of the facts of all files. */
  readonly facts: string;
}

/** `other`: the packages have to be compared one by one. `broken`: a file has the same facts and another content. */
export type FilesState = 'same' | 'other' | 'broken';

export interface KnownFilesOptions {
  /** The path before each name. */
  readonly start: string;
  /** The names of all files, each with a line feed: those of one package after the other. */
  readonly names: Uint8Array;
  /** Bytes of known files that are hashed all the same, in each package. */
  readonly sampleBytes: number;
  readonly startThread?: (() => Worker) | undefined;
}

/** Memory that the threads share. Each thread takes the next package until there is none. */
export interface FilesShare {
  readonly start: string;
  readonly sampleBytes: number;
  /** In shared memory. */
  readonly names: Uint8Array;
  /** Position of the first name and number of the first file of each package, and of the end. */
  readonly layout: Int32Array;
  readonly facts: Float64Array;
  /** Numbers at {@link NEXT} and {@link BROKEN}, and then a 1 for each package that is done. */
  readonly progress: Int32Array;
}

const NEXT = 0;
const BROKEN = 1;
const STATES = 2;

/** With fewer files for each, a thread takes longer to start than it saves. */
const HELPER_FILES_MIN = 2000;
const HELPERS_MAX = 3;
/** Milliseconds after which this thread does the work of another one that has ended or hangs. */
const THREAD_MS = 10_000;

export function factsDigest(facts: Float64Array): string {
  return hash('sha256', facts, 'base64');
}

/** Starts to check all files, in threads. The function that it returns takes a share, waits for the threads, and says how the files are. */
export function startKnownFiles(
  { packages, facts: expected }: KnownFiles,
  { start, names, sampleBytes, startThread }: KnownFilesOptions,
): () => FilesState {
  const layout = layoutOf(packages);
  const fileCount = layout.at(-1)!;
  const share: FilesShare = {
    start,
    sampleBytes,
    names: sharedCopy(names),
    layout,
    facts: new Float64Array(new SharedArrayBuffer(fileCount * FACTS * 8)),
    progress: new Int32Array(new SharedArrayBuffer((STATES + packages.length) * 4)),
  };
  const count = Math.min(
    availableParallelism() - 1,
    HELPERS_MAX,
    Math.floor(fileCount / HELPER_FILES_MIN),
  );
  for (let helpers = 0; helpers < count; helpers += 1) startHelper(share, startThread);
  return () => {
    takeShare(share);
    for (let index = 0; index < packages.length; index += 1) {
      // Another thread has taken this package.
      const isDone = Atomics.wait(share.progress, STATES + index, 0, THREAD_MS) !== 'timed-out';
      if (!isDone) checkFiles(share, index);
    }
    if (!haveBirths(share.facts) || factsDigest(share.facts) !== expected) return 'other';
    return share.progress[BROKEN] === 0 ? 'same' : 'broken';
  };
}

/** Starts another thread. It takes packages until there are none. If it does not start, the check only takes longer. */
function startHelper(share: FilesShare, startThread: (() => Worker) | undefined): void {
  try {
    const thread = startThread?.();
    thread?.on('error', () => undefined);
    thread?.unref();
    thread?.postMessage(share);
  } catch {
    // The system has no room for another thread.
  }
}

function layoutOf(packages: KnownFiles['packages']): Int32Array {
  const layout = new Int32Array(2 * packages.length + 2);
  let [position, file] = [0, 0];
  for (const [index, [files, bytes]] of packages.entries()) {
    layout.set([position, file], 2 * index);
    position += bytes;
    file += files;
  }
  layout.set([position, file], 2 * packages.length);
  return layout;
}

function sharedCopy(bytes: Uint8Array): Uint8Array {
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  return shared;
}

/** Takes packages until there are no more. */
export function takeShare(share: FilesShare): void {
  const { progress } = share;
  const end = progress.length - STATES;
  for (;;) {
    const index = Atomics.add(progress, NEXT, 1);
    if (index >= end) return;
    checkFiles(share, index);
    Atomics.store(progress, STATES + index, 1);
    Atomics.notify(progress, STATES + index);
  }
}

const QUIET = { throwIfNoEntry: false } as const;

/** Puts down the facts of the files of a package, and hashes some. A file that is missing has no facts. */
function checkFiles(share: FilesShare, index: number): void {
  const { start, layout, names, sampleBytes, progress } = share;
  const [from = 0, first = 0, to = 0, end = 0] = layout.subarray(2 * index, 2 * index + 4);
  const lines = Buffer.from(names.buffer, from, to - from)
    .toString('latin1')
    .split('\n');
  const facts = share.facts.subarray(first * FACTS, end * FACTS);
  const changedAt = new Float64Array(end - first);
  try {
    for (let file = 0; file < changedAt.length; file += 1) {
      const stat = lstatSync(start + lines[file]!, QUIET);
      if (stat === undefined) return;
      putFacts(facts, file, stat);
      changedAt[file] = stat.ctimeMs;
    }
    for (const file of suspects({ facts, changedAt, sampleBytes })) {
      const name = lines[file]!;
      if (digestOfFile(start + name, 'sha512') !== sha512In(name)) progress[BROKEN] = 1;
    }
  } catch {
    // The check of this package will say what the system says.
    facts.fill(0);
  }
}

/** The hash in the name of a file: `ab/cd…`, and `-exec` if it is executable. */
function sha512In(name: string): string {
  return name.slice(0, 2) + name.slice(3, 129);
}
