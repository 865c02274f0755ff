/* Threads that inspect and unpack archives into the store of trees, while this one fetches. */
import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import type { Verdict } from '@tarwarden/core';
import type { TreeStore, StoredTreeOptions } from './tree-store.ts';
import type { UnpackAnswer, UnpackRequest } from './unpack-thread.ts';

/** More would wait for the network or the disk. */
const THREADS_MAX = 8;

/** Archives that a thread has at a time, so that it need not wait for this one in between. */
const GIVEN_MAX = 2;

interface Job {
  readonly request: UnpackRequest;
  readonly resolve: (verdict: Verdict) => void;
  readonly reject: (error: Error) => void;
}

interface Thread {
  readonly worker: Worker;
  /** Jobs without an answer, in the order in which the thread takes them. */
  readonly given: Job[];
}

export class Unpackers {
  readonly #trees: TreeStore;
  readonly #start: (() => Worker) | undefined;
  readonly #threads = new Set<Thread>();
  readonly #waiting: Job[] = [];
  readonly #threadsMax: number;

  /** @param start Starts a thread that runs `serveUnpacking`; without it, all is done in this one. */
  constructor(
    trees: TreeStore,
    start?: () => Worker,
    threadsMax: number = Math.max(1, availableParallelism() - 1),
  ) {
    this.#trees = trees;
    this.#start = start;
    this.#threadsMax = Math.min(threadsMax, THREADS_MAX);
  }

  /** {@link TreeStore.add}. Rejects where there is no verdict, for example when the thread died while it read the archive. */
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
    for (let waiting = this.#waiting[0]; waiting !== undefined; waiting = this.#waiting[0]) {
      const thread = this.#free();
      if (thread === undefined) return;
      this.#waiting.shift();
      thread.given.push(waiting);
      thread.worker.ref();
      // A copy that is given away: the memory may hold more than the archive, and stays the caller's.
      const bytes = new Uint8Array(waiting.request.bytes);
      thread.worker.postMessage({ ...waiting.request, bytes }, [bytes.buffer]);
    }
  }

  /** The thread that has least to do: one that starts, where all have something and there may be more. */
  #free(): Thread | undefined {
    const all = [...this.#threads].toSorted(
      (left, right) => left.given.length - right.given.length,
    );
    const [least] = all;
    if (least?.given.length === 0) return least;
    if (this.#threads.size < this.#threadsMax) return this.#begin();
    return least !== undefined && least.given.length < GIVEN_MAX ? least : undefined;
  }

  #begin(): Thread {
    const thread: Thread = { worker: this.#start!(), given: [] };
    this.#threads.add(thread);
    thread.worker.on('message', (answer: UnpackAnswer) => {
      const answered = thread.given.shift();
      if (thread.given.length === 0) thread.worker.unref();
      if ('verdict' in answer) answered?.resolve(answer.verdict);
      else answered?.reject(new Error(answer.error));
      this.#give();
    });
    thread.worker.on('error', () => undefined);
    // Also after an error. What it was at has no verdict; what it had not come to is for another.
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
