import { Worker } from 'node:worker_threads';
import type { ScanError, ScanResult } from '@tarwarden/core';
import type { JudgeOptions } from './pool.ts';

export interface Workers {
  /** Judges a file in a thread. Never rejects. */
  judge(path: string): Promise<ScanResult>;
  stop(): Promise<void>;
}

interface Task {
  readonly path: string;
  readonly done: (result: ScanResult) => void;
  /** Was in a batch of which a thread died: judged by itself, so that only the file at fault has no verdict. */
  readonly alone: boolean;
}

/** Files that a thread is given at once: waking each other for every small file costs more than judging it. */
const BATCH = 16;

const DIED: ScanError = {
  code: 'CRASHED',
  message: 'the thread that judged it ended before there was a verdict',
};

/** Threads that judge files. One that dies takes only the file it died of with it, and is replaced. */
export function startWorkers(count: number, { job, mainUrl }: JudgeOptions): Workers {
  const waiting: Task[] = [];
  const idle: Worker[] = [];
  const busy = new Map<Worker, readonly Task[]>();
  const all = new Set<Worker>();
  let stopping = false;

  function start(): void {
    const worker = new Worker(new URL(mainUrl), { workerData: job });
    all.add(worker);
    worker.on('message', (results: readonly ScanResult[]) => {
      const tasks = busy.get(worker) ?? [];
      busy.delete(worker);
      results.forEach((result, at) => tasks[at]?.done(result));
      give(worker);
    });
    // 'exit' follows, and deals with it.
    worker.on('error', () => undefined);
    worker.on('exit', () => {
      all.delete(worker);
      idle.splice(0, idle.length, ...idle.filter((one) => one !== worker));
      if (stopping) return;
      const tasks = busy.get(worker) ?? waiting.splice(0, 1);
      busy.delete(worker);
      if (tasks.length > 1) waiting.unshift(...tasks.map((task) => ({ ...task, alone: true })));
      else tasks[0]?.done({ path: tasks[0].path, error: DIED });
      if (waiting.length > 0) start();
    });
    give(worker);
  }

  function give(worker: Worker): void {
    const tasks = waiting.splice(0, batchSize());
    if (tasks.length === 0) {
      idle.push(worker);
      return;
    }
    busy.set(worker, tasks);
    worker.postMessage(tasks.map(({ path }) => path));
  }

  /** Less where little waits, so that no thread ends long before the others. */
  function batchSize(): number {
    const size = Math.min(BATCH, Math.ceil(waiting.length / (2 * count)));
    const alone = waiting.findIndex((task) => task.alone);
    return alone === -1 || alone >= size ? size : Math.max(alone, 1);
  }

  for (let started = 0; started < count; started += 1) start();
  return {
    judge: (path) =>
      new Promise((done) => {
        waiting.push({ path, done, alone: false });
        const worker = idle.pop();
        if (worker !== undefined) give(worker);
        else if (all.size === 0) start();
      }),
    async stop() {
      stopping = true;
      await Promise.all([...all].map((worker) => worker.terminate()));
    },
  };
}
