import { parentPort, workerData } from 'node:worker_threads';
import { judgeFile, type Job } from './judge-file.ts';

/** The other side of `startWorkers`: paths come in, their results go out in the same order. */
export function serve(): void {
  const job = workerData as Job;
  parentPort?.on('message', (paths: readonly string[]) => {
    parentPort?.postMessage(paths.map((path) => judgeFile(path, job)));
  });
}
