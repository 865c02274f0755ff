import { Worker } from 'node:worker_threads';
import type { ScanResult } from '@tarwarden/core';
import type { JudgeOptions } from './pool.ts';

export interface Workers {
  /** Judges a file in the first thread that is free. Never rejects. */
  judge(path: string): Promise<ScanResult>;
  stop(): Promise<void>;
}

interface Task {
  readonly path: string;
  readonly done: (result: ScanResult) => void;
}

/** Threads that judge one file at a time each. One that dies takes only its own file with it, and is replaced. */
export function startWorkers(count: number, { job, mainUrl }: JudgeOptions): Workers {
  const waiting: Task[] = [];
  const idle: Worker[] = [];
  const busy = new Map<Worker, Task>();
  const all = new Set<Worker>();
  let stopping = false;

  function start(): void {
    const worker = new Worker(new URL(mainUrl), { workerData: job });
    all.add(worker);
    worker.on('message', (result: ScanResult) => {
      busy.get(worker)?.done(result);
      busy.delete(worker);
      give(worker);
    });
    // 'exit' follows, and deals with it.
    worker.on('error', () => undefined);
    worker.on('exit', () => {
      all.delete(worker);
      idle.splice(0, idle.length, ...idle.filter((one) => one !== worker));
      if (stopping) return;
      const task = busy.get(worker) ?? waiting.shift();
      busy.delete(worker);
      const message = 'the thread that judged it ended before there was a verdict';
      task?.done({ path: task.path, error: { code: 'CRASHED', message } });
      if (waiting.length > 0) start();
    });
    give(worker);
  }

  function give(worker: Worker): void {
    const task = waiting.shift();
    if (task === undefined) {
      idle.push(worker);
      return;
    }
    busy.set(worker, task);
    worker.postMessage(task.path);
  }

  for (let started = 0; started < count; started += 1) start();
  return {
    judge: (path) =>
      new Promise((done) => {
        waiting.push({ path, done });
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
