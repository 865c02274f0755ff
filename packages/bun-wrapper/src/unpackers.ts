/* Threads that inspect archives and unpack them into the store of trees, while the main thread fetches. */
import { availableParallelism } from 'node:os';
import { parentPort, workerData, type Worker } from 'node:worker_threads';
import type { Verdict } from '@tarwarden/core';
import { TreeStore, type StoredTreeOptions } from './tree-store.ts';

/** More threads would only wait for the network or the disk. */
const THREADS_MAX = 8;

interface UnpackRequest {
  readonly bytes: Uint8Array;
  readonly sha512: string;
  readonly options: StoredTreeOptions;
}

type UnpackAnswer = { readonly verdict: Verdict } | { readonly error: string };

/** The program of a thread. Answers each request in order. No request ends the thread. `workerData` is the folder of trees. */
export function serveUnpacking(): void {
  const trees = new TreeStore(String(workerData));
  parentPort?.on('message', ({ bytes, sha512, options }: UnpackRequest) => {
    let answer: UnpackAnswer;
    try {
      answer = { verdict: trees.add(bytes, sha512, options) };
    } catch (error) {
      answer = { error: error instanceof Error ? error.message : String(error) };
    }
    parentPort?.postMessage(answer);
  });
}

interface Thread {
  readonly worker: Worker;
  /** Archives that the thread has not finished, in order. */
  readonly pending: {
    readonly resolve: (verdict: Verdict) => void;
    readonly reject: (error: Error) => void;
  }[];
}

export class Unpackers {
  readonly #trees: TreeStore;
  readonly #start: (() => Worker) | undefined;
  readonly #threads = new Set<Thread>();
  readonly #threadsMax: number;

  /** @param start Starts a thread that runs {@link serveUnpacking}; without it, this thread does all the work. */
  constructor(
    trees: TreeStore,
    start?: () => Worker,
    threadsMax: number = Math.max(1, availableParallelism() - 1),
  ) {
    this.#trees = trees;
    this.#start = start;
    this.#threadsMax = Math.min(threadsMax, THREADS_MAX);
  }

  /** {@link TreeStore.add} in a thread. Rejects if there is no verdict, for example because the thread died on this archive. */
  async add(bytes: Uint8Array, sha512: string, options: StoredTreeOptions): Promise<Verdict> {
    if (this.#start === undefined) return this.#trees.add(bytes, sha512, options);
    const { worker, pending } = this.#leastBusy(this.#start);
    // Transfer a copy: the buffer may hold more than the archive, and the caller keeps it.
    const copy = new Uint8Array(bytes);
    return new Promise((resolve, reject) => {
      pending.push({ resolve, reject });
      worker.ref();
      worker.postMessage({ bytes: copy, sha512, options }, [copy.buffer]);
    });
  }

  close(): void {
    for (const { worker } of this.#threads) void worker.terminate();
  }

  /** The thread with the least work. If all threads are busy, starts a new one as long as there may be more. */
  #leastBusy(start: () => Worker): Thread {
    const [least] = [...this.#threads].toSorted((a, b) => a.pending.length - b.pending.length);
    const mayStart = this.#threads.size < this.#threadsMax;
    if (least !== undefined && (least.pending.length === 0 || !mayStart)) return least;
    const thread: Thread = { worker: start(), pending: [] };
    this.#threads.add(thread);
    thread.worker.on('message', (answer: UnpackAnswer) => {
      const caller = thread.pending.shift();
      if (thread.pending.length === 0) thread.worker.unref();
      if ('verdict' in answer) caller?.resolve(answer.verdict);
      else caller?.reject(new Error(answer.error));
    });
    thread.worker.on('error', () => undefined);
    // Runs after an error as well. An archive without a verdict is refused, and the run fails.
    thread.worker.on('exit', () => {
      this.#threads.delete(thread);
      for (const { reject } of thread.pending.splice(0))
        reject(new Error('the thread that inspects ended'));
    });
    return thread;
  }
}
