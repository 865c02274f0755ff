/* Threads that inspect archives and unpack them into the store of trees, while the main thread fetches. */
import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import type { Verdict } from '@tarwarden/core';
import type { TreeStore, StoredTreeOptions } from './tree-store.ts';
import type { UnpackAnswer, UnpackRequest } from './unpack-thread.ts';

/** More threads would only wait for the network or the disk. */
const THREADS_MAX = 8;

/** Archives that a thread has at a time, so that it need not wait for the main thread between them. */
const GIVEN_MAX = 2;

interface PendingArchive {
  readonly request: UnpackRequest;
  readonly resolve: (verdict: Verdict) => void;
  readonly reject: (error: Error) => void;
}

interface Thread {
  readonly worker: Worker;
  /** Jobs that the thread has not finished, in order. */
  readonly given: PendingArchive[];
}

export class Unpackers {
  readonly #trees: TreeStore;
  readonly #start: (() => Worker) | undefined;
  readonly #threads = new Set<Thread>();
  readonly #waiting: PendingArchive[] = [];
  readonly #threadsMax: number;

  /** @param start Starts a thread that runs `serveUnpacking`; without it, this thread does all the work. */
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
    return new Promise((resolve, reject) => {
      this.#waiting.push({ request: { bytes, sha512, options }, resolve, reject });
      this.#give();
    });
  }

  close(): void {
    this.#waiting.splice(0);
    for (const { worker } of this.#threads) void worker.terminate();
  }

  #give(): void {
    for (let pending = this.#waiting[0]; pending !== undefined; pending = this.#waiting[0]) {
      const thread = this.#free();
      if (thread === undefined) return;
      this.#waiting.shift();
      thread.given.push(pending);
      thread.worker.ref();
      // Transfer a copy: the buffer may hold more than the archive, and the caller keeps it.
      const bytes = new Uint8Array(pending.request.bytes);
      thread.worker.postMessage({ ...pending.request, bytes }, [bytes.buffer]);
    }
  }

  /** The thread with the least work. If all threads are busy, starts a new one as long as there may be more. */
  #free(): Thread | undefined {
    const all = [...this.#threads].toSorted((a, b) => a.given.length - b.given.length);
    const [least] = all;
    if (least?.given.length === 0) return least;
    if (this.#threads.size < this.#threadsMax) return this.#begin();
    return least !== undefined && least.given.length < GIVEN_MAX ? least : undefined;
  }

  #begin(): Thread {
    const thread: Thread = { worker: this.#start!(), given: [] };
    this.#threads.add(thread);
    thread.worker.on('message', (answer: UnpackAnswer) => {
      const pending = thread.given.shift();
      if (thread.given.length === 0) thread.worker.unref();
      if ('verdict' in answer) pending?.resolve(answer.verdict);
      else pending?.reject(new Error(answer.error));
      this.#give();
    });
    thread.worker.on('error', () => undefined);
    // Runs after an error as well. The first job has no verdict; another thread does the rest.
    thread.worker.on('exit', () => {
      this.#threads.delete(thread);
      const [at, ...rest] = thread.given.splice(0);
      at?.reject(new Error('the thread that inspects ended'));
      this.#waiting.unshift(...rest);
      this.#give();
    });
    return thread;
  }
}
