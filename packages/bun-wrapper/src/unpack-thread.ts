/* The program of a thread of {@link Unpackers}. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Verdict } from '@tarwarden/core';
import { TreeStore, type StoredTreeOptions } from './tree-store.ts';

export interface UnpackRequest {
  readonly bytes: Uint8Array;
  readonly sha512: string;
  readonly options: StoredTreeOptions;
}

export type UnpackAnswer = { readonly verdict: Verdict } | { readonly error: string };

/** Answers each request in order. No request ends the thread. `workerData` is the folder of trees. */
export function serveUnpacking(): void {
  const trees = new TreeStore(String(workerData));
  parentPort?.on('message', ({ bytes, sha512, options }: UnpackRequest) => {
    parentPort?.postMessage(answer(() => trees.add(bytes, sha512, options)));
  });
}

function answer(act: () => Verdict): UnpackAnswer {
  try {
    return { verdict: act() };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
