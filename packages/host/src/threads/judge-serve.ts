import { readFileSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { inspect, inspectKeeping, type Kept } from '@tarwarden/core';
import type { Asked, ThreadOptions, Told } from './judge-thread.ts';

/** Shared memory reaches the other thread without a copy. */
const room = (bytes: number): Uint8Array => new Uint8Array(new SharedArrayBuffer(bytes));

function judge({ what, keep, ...asked }: Asked): Kept {
  // A verdict without a digest goes to a caller that asked for one.
  const options = asked.options as ThreadOptions;
  const bytes = typeof what === 'string' ? readFileSync(what) : what;
  return keep ? inspectKeeping(bytes, { ...options, room }) : { verdict: inspect(bytes, options) };
}

/** What the thread of a {@link judgeThread} runs: each request is answered, none ends it. */
export function serveJudge(): void {
  parentPort?.on('message', (asked: Asked) => {
    const told: Told = { id: asked.id };
    try {
      told.kept = judge(asked);
    } catch (error) {
      told.error = error instanceof Error ? error.message : String(error);
    }
    parentPort?.postMessage(told);
  });
}
