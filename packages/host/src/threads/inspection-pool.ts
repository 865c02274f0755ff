/*
 * Several threads that inspect. Each is given several archives at once, so that it need not wait for this one to wake up in between. One
 * that dies of an archive takes the others with it that it was given: each of these is tried once more, by itself.
 */
import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import type { Verdict } from '@tarwarden/core';
import {
  inspectionThread,
  type InspectionThread,
  type ThreadOptions,
} from './inspection-thread.ts';

/** More would wait for the network or the disk. */
const THREADS_MAX = 8;

interface Slot {
  readonly thread: InspectionThread;
  given: number;
}

export class InspectionPool {
  readonly #slots: readonly Slot[];
  readonly #careful: InspectionThread;
  /** The last of those that are inspected one after the other. */
  #last: Promise<unknown> = Promise.resolve();

  /** @param start Starts a thread that runs `serveInspections` of `host`; called when it has something to do. */
  constructor(start: () => Worker) {
    const count = Math.min(availableParallelism(), THREADS_MAX);
    this.#slots = Array.from({ length: count }, () => ({
      thread: inspectionThread(start),
      given: 0,
    }));
    this.#careful = inspectionThread(start);
  }

  /** Rejects where there is no verdict. */
  inspect(bytes: Uint8Array, options: ThreadOptions): Promise<Verdict> {
    return this.#run((thread) => thread.inspect(bytes, options));
  }

  /** Of a file that nobody changes meanwhile. Rejects where there is no verdict. */
  inspectFile(path: string, options: ThreadOptions): Promise<Verdict> {
    return this.#run((thread) => thread.inspectFile(path, options));
  }

  async #run(ask: (thread: InspectionThread) => Promise<Verdict>): Promise<Verdict> {
    const slot = this.#slots.reduce((least, one) => (one.given < least.given ? one : least));
    slot.given += 1;
    try {
      return await ask(slot.thread);
    } catch {
      return await this.#alone(() => ask(this.#careful));
    } finally {
      slot.given -= 1;
    }
  }

  async #alone<Result>(run: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(run);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
