/* Several threads that inspect, each one archive at a time: one that dies takes no other verdict with it. */
import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import type { Verdict } from '@tarwarden/core';
import { inspectionThread, type InspectionThread, type ThreadOptions } from '@tarwarden/host';

/** More would wait for the network or the disk. */
const THREADS_MAX = 8;

export class InspectionPool {
  readonly #idle: InspectionThread[];
  readonly #waiting: ((thread: InspectionThread) => void)[] = [];

  /** @param start Starts a thread that runs `serveInspections` of `host`; called when it has something to do. */
  constructor(start: () => Worker) {
    const count = Math.min(availableParallelism(), THREADS_MAX);
    this.#idle = Array.from({ length: count }, () => inspectionThread(start));
  }

  /** Rejects where there is no verdict. */
  async inspect(bytes: Uint8Array, options: ThreadOptions): Promise<Verdict> {
    const thread =
      this.#idle.pop() ??
      (await new Promise<InspectionThread>((resolve) => void this.#waiting.push(resolve)));
    try {
      return await thread.inspect(bytes, options);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#idle.push(thread);
      else next(thread);
    }
  }
}
