/* A thread that checks packages of pnpm's store. */
import { parentPort } from 'node:worker_threads';
import { checkPackage, type PackageTask } from './check-package.ts';
import { takeShare, type FilesShare } from './known-files.ts';

parentPort?.once('message', (work: FilesShare | readonly PackageTask[]) => {
  if ('progress' in work) takeShare(work);
  else parentPort?.postMessage(work.map(checkPackage));
});
