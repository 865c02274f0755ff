import { Worker } from 'node:worker_threads';
import type { Job } from './judge-file.ts';
import type { Stretch } from './listed.ts';
import { Tickets } from './tickets.ts';
import type { ThreadData, Told } from './worker.ts';

export interface ThreadsOptions {
  readonly job: Job;
  /** Address of the program that a thread runs. */
  readonly threadUrl: string;
  /** Inputs that a thread has to know that starts now. */
  readonly listed: () => Stretch;
  readonly told: (results: Told) => void;
  /** A thread died: of `ticket`, if it was judging, and with `lost`, which it had judged or would have. */
  readonly died: (ticket: number | undefined, lost: readonly number[]) => void;
}

/** Threads that judge the inputs of the tickets that they take. One that dies of an input is replaced. */
export interface Threads {
  /** For who takes part without being one of them. */
  readonly tickets: Tickets;
  list(stretch: Stretch): void;
  stop(): Promise<void>;
}

export function startThreads(count: number, options: ThreadsOptions): Threads {
  const { job, threadUrl, told, died } = options;
  const tickets = Tickets.forThreads(count);
  const running = new Set<Worker>();
  let end = options.listed().from;
  let stopping = false;

  function start(thread: number): void {
    const workerData: ThreadData = { job, tickets: tickets.buffer, thread };
    const worker = new Worker(new URL(threadUrl), { workerData });
    running.add(worker);
    worker.on('message', told);
    // 'exit' follows, and deals with it.
    worker.on('error', () => undefined);
    worker.on('exit', () => {
      running.delete(worker);
      if (stopping) return;
      const held = tickets.heldBy(thread);
      tickets.told(thread);
      const last = held.at(-1);
      const judging = last !== undefined && last < end;
      died(judging ? last : undefined, judging ? held.slice(0, -1) : held);
      // One that has judged nothing could not start, and the next one could not either.
      if (judging) start(thread);
    });
    const stretch = options.listed();
    end = stretch.from + stretch.inputs.length;
    worker.postMessage(stretch);
  }

  for (let thread = 0; thread < count; thread += 1) start(thread);
  return {
    tickets,
    list(stretch) {
      end = stretch.from + stretch.inputs.length;
      for (const worker of running) worker.postMessage(stretch);
    },
    async stop() {
      stopping = true;
      await Promise.all([...running].map(async (worker) => worker.terminate()));
    },
  };
}
