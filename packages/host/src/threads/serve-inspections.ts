import { readFileSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { inspect, inspectKeeping, type Kept } from '@tarwarden/core/npm';
import type { ThreadRequest, ThreadOptions, ThreadAnswer } from './inspection-thread.ts';

/** Shared memory reaches the other thread without a copy. */
const room = (bytes: number): Uint8Array => new Uint8Array(new SharedArrayBuffer(bytes));

function inspectRequest({ what, keep, ...request }: ThreadRequest): Kept {
  // A verdict without a digest goes to a caller that asked for one.
  const options = request.options as ThreadOptions;
  const bytes = typeof what === 'string' ? readFileSync(what) : what;
  return keep ? inspectKeeping(bytes, { ...options, room }) : { verdict: inspect(bytes, options) };
}

/** What the thread of a {@link inspectionThread} runs: each request is answered, none ends it. */
export function serveInspections(): void {
  parentPort?.on('message', (request: ThreadRequest) => {
    const answer: ThreadAnswer = { id: request.id };
    try {
      answer.kept = inspectRequest(request);
    } catch (error) {
      answer.error = error instanceof Error ? error.message : String(error);
    }
    parentPort?.postMessage(answer);
  });
}
