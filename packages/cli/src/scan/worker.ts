import { parentPort, workerData } from 'node:worker_threads';
import { judgeFile, type Job } from './judge-file.ts';

/** The other side of `startWorkers`: a path comes in, its result goes out. */
export function serve(): void {
  const job = workerData as Job;
  parentPort?.on('message', (path: string) => {
    parentPort?.postMessage(judgeFile(path, job));
  });
}
