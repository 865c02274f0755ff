/*
 * A pool of threads that inspect. Each thread gets several archives at once, so that it need not wait for the main thread between them.
 * If an archive kills its thread, all archives of that thread are inspected once more, one by one.
 */
import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import type { Verdict } from '@tarwarden/core';
import {
  inspectionThread,
  type InspectionThread,
  type ThreadOptions,
} from './inspection-thread.ts';

/** More threads would only wait for the network or the disk. */
const THREADS_MAX = 8;

interface Slot {
  readonly thread: InspectionThread;
  given: number;
}

export class InspectionPool {
  readonly #slots: readonly Slot[];
  readonly #careful: InspectionThread;
  /** The last inspection of the queue. The queue runs one inspection at a time. */
  #last: Promise<unknown> = Promise.resolve();

  /** @param start Starts a thread that runs `serveInspections` of `host`. Called with the first archive. */
  constructor(start: () => Worker) {
    const count = Math.min(availableParallelism(), THREADS_MAX);
    this.#slots = Array.from({ length: count }, () => ({
      thread: inspectionThread(start),
      given: 0,
    }));
    this.#careful = inspectionThread(start);
  }

  /** Rejects if there is no verdict. */
  inspect(bytes: Uint8Array, options: ThreadOptions): Promise<Verdict> {
    return this.#run((thread) => thread.inspect(bytes, options));
  }

  /** Inspects a file, which must not change meanwhile. Rejects if there is no verdict. */
  inspectFile(path: string, options: ThreadOptions): Promise<Verdict> {
    return this.#run((thread) => thread.inspectFile(path, options));
  }

  async #run(ask: (thread: InspectionThread) => Promise<Verdict>): Promise<Verdict> {
    const slot = this.#slots.reduce((least, slot) => (slot.given < least.given ? slot : least));
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
