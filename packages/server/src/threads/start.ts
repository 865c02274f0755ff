/* The threads of the servers. Their programs are built beside the main file: see build.mjs. */
import { Worker } from 'node:worker_threads';
import { TREE_CLIENTS } from '@tarwarden/core/trees';
import { InspectionPool } from '@tarwarden/host';

type InspectionThreads = Pick<InspectionPool, 'inspect' | 'inspectFile'>;

/**
 * Threads that inspect archives of every format. `mainUrl` is the address of a file beside their program.
 * @param options `trees`: verdicts state the tree digests for all clients, so that these are signed too.
 */
export function inspectionPool(
  mainUrl: string | URL,
  { trees }: { readonly trees?: boolean | undefined } = {},
): InspectionThreads {
  const pool = new InspectionPool(() => new Worker(new URL('./inspection-thread.js', mainUrl)));
  if (trees !== true) return pool;
  const wanted = { trees: TREE_CLIENTS };
  return {
    inspect: (bytes, options) => pool.inspect(bytes, { ...options, ...wanted }),
    inspectFile: (path, options) => pool.inspectFile(path, { ...options, ...wanted }),
  };
}

/** A thread in which the gateway reads a long document. */
export function documentThread(mainUrl: string | URL): Worker {
  return new Worker(new URL('./document-thread.js', mainUrl));
}
