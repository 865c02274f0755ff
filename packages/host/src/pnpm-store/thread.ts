/* A thread that checks packages of pnpm's store. */
import { parentPort } from 'node:worker_threads';
import { checkPackage, type PackageTask } from './check-package.ts';

parentPort?.once('message', (tasks: readonly PackageTask[]) => {
  parentPort?.postMessage(tasks.map(checkPackage));
});
