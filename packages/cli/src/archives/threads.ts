/* The main thread's part of the threads of a scan: it starts, feeds, replaces and ends them. The protocol is in pool.ts. */
import { Worker } from 'node:worker_threads';
import { Counter } from './counter.ts';
import type { FileInspection } from './inputs.ts';
import type { Batch } from './window.ts';
import type { ThreadReport, ThreadData } from './worker.ts';

export interface ThreadsOptions {
  readonly inspection: FileInspection;
  /** Address of the program that a thread runs. */
  readonly threadUrl: string;
  /** All inputs that a new thread may still have to inspect. */
  readonly openBatch: () => Batch;
  readonly onReport: (report: ThreadReport) => void;
  /** A thread died. `ticket` is the input that it was inspecting, if any. The results of the other tickets that it held are lost. */
  readonly onDeath: (ticket: number | undefined, lost: readonly number[]) => void;
}

/** Threads that inspect the inputs of the tickets that they take. A thread that dies while it inspects an input is replaced. */
export interface Threads {
  /** The main thread takes tickets from it as well. */
  readonly counter: Counter;
  send(batch: Batch): void;
  stop(): Promise<void>;
}

export function startThreads(count: number, options: ThreadsOptions): Threads {
  const { inspection, threadUrl, openBatch, onReport, onDeath } = options;
  const counter = Counter.forThreads(count);
  const running = new Set<Worker>();
  /** The number behind the last input that was sent. */
  let end = openBatch().first;
  let stopping = false;

  function start(thread: number): void {
    const workerData: ThreadData = { inspection, counter: counter.buffer, thread };
    const worker = new Worker(new URL(threadUrl), { workerData });
    running.add(worker);
    worker.on('message', onReport);
    // The event 'exit' follows and handles it.
    worker.on('error', () => undefined);
    worker.on('exit', () => {
      running.delete(worker);
      if (stopping) return;
      const held = counter.heldBy(thread);
      counter.reported(thread);
      const last = held.at(-1);
      const inspecting = last !== undefined && last < end;
      onDeath(inspecting ? last : undefined, inspecting ? held.slice(0, -1) : held);
      // A thread that has inspected nothing could not start. Another one could not either.
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
