import { parentPort } from 'node:worker_threads';
import type { Verdict } from '@tarwarden/core';
import { inspect, inspectKeeping, type Kept, type NpmFormat } from '@tarwarden/core/npm';
import type { ThreadRequest, ThreadOptions, ThreadAnswer } from './inspection-thread.ts';
import { FileReader } from './read-again.ts';

/** Shared memory reaches the other thread without a copy. */
const room = (bytes: number): Uint8Array => new Uint8Array(new SharedArrayBuffer(bytes));

/** Archives are inspected one after another, and no answer contains their bytes, so one buffer is enough. */
const files = new FileReader();

/** The inspection of archives of every format. */
export interface EveryFormat {
  readonly inspect: (bytes: Uint8Array, options: ThreadOptions) => Verdict;
  readonly inspectFile: (path: string, options: ThreadOptions) => Verdict;
}

type OfNpm = Omit<ThreadOptions, 'format'> & { readonly format?: NpmFormat };

function isOfNpm(options: ThreadOptions): options is OfNpm {
  return [undefined, 'npm', 'yarn-zip'].includes(options.format);
}

function inspectRequest({ what, keep, ...request }: ThreadRequest, every?: EveryFormat): Kept {
  // The caller decides by the options whether the verdict has a digest.
  const options = request.options as ThreadOptions;
  if (!isOfNpm(options)) {
    if (every === undefined) throw new Error('this thread inspects archives of npm alone');
    const one = typeof what === 'string' ? every.inspectFile : every.inspect;
    return { verdict: one(what as never, options) };
  }
  const bytes = typeof what === 'string' ? files.read(what) : what;
  return keep ? inspectKeeping(bytes, { ...options, room }) : { verdict: inspect(bytes, options) };
}

/**
 * The program of the thread of an {@link inspectionThread}: it answers each request, and no request ends it. Without `every`, it
 * inspects npm's formats alone.
 */
export function serveInspections(every?: EveryFormat): void {
  parentPort?.on('message', (request: ThreadRequest) => {
    const answer: ThreadAnswer = { id: request.id };
    try {
      answer.kept = inspectRequest(request, every);
    } catch (error) {
      answer.error = error instanceof Error ? error.message : String(error);
    }
    parentPort?.postMessage(answer);
  });
}
