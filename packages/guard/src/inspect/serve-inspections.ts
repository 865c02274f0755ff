import { parentPort } from 'node:worker_threads';
import type { Verdict } from '@tarwarden/core';
import { inspect, inspectKeeping, type Kept, type NpmFormat } from '@tarwarden/core/npm';
import { readBounded, SharedMemory } from '../files/read-bounded.ts';
import type {
  Conversion,
  Converted,
  ThreadRequest,
  ThreadOptions,
  ThreadAnswer,
} from './inspection-thread.ts';

/** Shared memory reaches the other thread without a copy. */
const room = (bytes: number): Uint8Array => new Uint8Array(new SharedArrayBuffer(bytes));

/** Archives are inspected one after another, and no answer contains their bytes, so one buffer is enough. */
const { allocate } = new SharedMemory();

function readFile(path: string): Uint8Array {
  const { bytes } = readBounded(path, { bytesMax: Infinity, follow: true, allocate });
  if (bytes === undefined) throw new Error('not a regular file');
  return bytes;
}

export interface EveryFormat {
  readonly inspect: (bytes: Uint8Array, options: ThreadOptions) => Verdict;
  readonly inspectFile: (path: string, options: ThreadOptions) => Verdict;
}

/** Programs of a thread that does more than inspect archives of npm. */
export interface ThreadPrograms {
  readonly every?: EveryFormat;
  readonly convert?: (
    bytes: Uint8Array,
    options: Omit<ThreadOptions, 'format'>,
    conversion: Conversion,
  ) => Converted;
}

type NpmThreadOptions = Omit<ThreadOptions, 'format'> & { readonly format?: NpmFormat };

function isForNpm(options: ThreadOptions): options is NpmThreadOptions {
  return [undefined, 'npm', 'yarn-zip'].includes(options.format);
}

function inspectRequest(
  { archive, options, keep, conversion }: ThreadRequest,
  { every, convert }: ThreadPrograms,
): Kept & Converted {
  // A file whose format the request does not say may be of any format: its name decides.
  const isUnknownFile = every !== undefined && typeof archive === 'string' && !options.format;
  if (isUnknownFile || !isForNpm(options)) {
    if (every === undefined) throw new Error('this thread inspects archives of npm alone');
    const inspectAny = typeof archive === 'string' ? every.inspectFile : every.inspect;
    return { verdict: inspectAny(archive as never, options) };
  }
  const bytes = typeof archive === 'string' ? readFile(archive) : archive;
  if (conversion !== undefined) {
    if (convert === undefined) throw new Error('this thread converts nothing');
    return convert(bytes, options, conversion);
  }
  return keep ? inspectKeeping(bytes, { ...options, room }) : { verdict: inspect(bytes, options) };
}

/** The program of an {@link inspectionThread}: it answers each request. Without more programs, it inspects npm's formats alone. */
export function serveInspections(programs: ThreadPrograms = {}): void {
  parentPort?.on('message', (request: ThreadRequest) => {
    const answer: ThreadAnswer = { id: request.id };
    try {
      answer.result = inspectRequest(request, programs);
    } catch (error) {
      answer.error =
        error instanceof Error
          ? { message: error.message, code: (error as NodeJS.ErrnoException).code }
          : { message: String(error) };
    }
    parentPort?.postMessage(answer);
  });
}
