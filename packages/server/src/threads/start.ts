/* The threads of the servers. Their programs are built beside the main file: see build.mjs. */
import { Worker } from 'node:worker_threads';
import { InspectionPool } from '@tarwarden/guard';

/** Threads that inspect archives of every format. `mainUrl` is the address of a file beside their program. */
export function inspectionPool(mainUrl: string | URL): InspectionPool {
  return new InspectionPool(() => new Worker(new URL('./inspection-thread.js', mainUrl)));
}

/** A thread in which the gateway reads a long document. */
export function documentThread(mainUrl: string | URL): Worker {
  return new Worker(new URL('./document-thread.js', mainUrl));
}
