/* The main thread's side of the threads of a scan: starts, feeds, replaces and ends them; see pool.ts for the protocol. */
import { Worker } from 'node:worker_threads';
import { Counter } from './counter.ts';
import type { InspectOptions } from '@tarwarden/core';
import type { Batch } from './window.ts';
import type { Report, ThreadData } from './worker.ts';

export interface ThreadsOptions {
  readonly job: InspectOptions;
  /** Address of the program that a thread runs. */
  readonly threadUrl: string;
  /** All inputs that a thread may still have to inspect that starts now. */
  readonly openBatch: () => Batch;
  readonly onReport: (report: Report) => void;
  /**
   * A thread died: of the input of `ticket`, if it was inspecting one. The results of the other tickets that it held are
   * lost, or will never be.
   */
  readonly onDeath: (ticket: number | undefined, lost: readonly number[]) => void;
}

/** Threads that inspect the inputs of the tickets that they take. One that dies of an input is replaced. */
export interface Threads {
  /** For the main thread, which takes tickets as well. */
  readonly counter: Counter;
  send(batch: Batch): void;
  stop(): Promise<void>;
}

export function startThreads(count: number, options: ThreadsOptions): Threads {
  const { job, threadUrl, openBatch, onReport, onDeath } = options;
  const counter = Counter.forThreads(count);
  const running = new Set<Worker>();
  /** Number behind the last input that was sent. */
  let end = openBatch().first;
  let stopping = false;

  function start(thread: number): void {
    const workerData: ThreadData = { job, counter: counter.buffer, thread };
    const worker = new Worker(new URL(threadUrl), { workerData });
    running.add(worker);
    worker.on('message', onReport);
    // 'exit' follows, and deals with it.
    worker.on('error', () => undefined);
    worker.on('exit', () => {
      running.delete(worker);
      if (stopping) return;
      const held = counter.heldBy(thread);
      counter.reported(thread);
      const last = held.at(-1);
      const inspecting = last !== undefined && last < end;
      onDeath(inspecting ? last : undefined, inspecting ? held.slice(0, -1) : held);
      // One that has inspected nothing could not start, and the next one could not either.
      if (inspecting) start(thread);
    });
    const batch = openBatch();
    end = batch.first + batch.inputs.length;
    worker.postMessage(batch);
  }

  for (let thread = 0; thread < count; thread += 1) start(thread);
  return {
    counter,
    send(batch) {
      end = batch.first + batch.inputs.length;
      for (const worker of running) worker.postMessage(batch);
    },
    async stop() {
      stopping = true;
      await Promise.all([...running].map(async (worker) => worker.terminate()));
    },
  };
}
