import { Worker } from 'node:worker_threads';
import type { InspectOptions } from '@tarwarden/core';
import type { ScanError, ScanResult } from '@tarwarden/core/report';
import { inspectInput, type Input } from './inputs.ts';

/** From this many files on, threads save more than the 40 to 60 ms that each needs to start. */
const PARALLEL_FROM = 64;

/** Files that the threads hold at once. A thread reads a file when its turn comes, so this bounds no memory but the list. */
const AT_ONCE = 64;

/** Results that may wait for an earlier one, because the results keep the order of the inputs. */
const WAITING_MAX = 512;

const DIED: ScanError = {
  code: 'CRASHED',
  message: 'the thread that inspected it ended before there was a verdict',
};

export interface PoolOptions {
  /** Options for every file of a scan. They are plain data, so that they can be sent to a thread. */
  readonly inspection: InspectOptions;
  readonly startThread: () => Worker;
}

/** Inspects inputs and yields the results in the order of the inputs. Many files are inspected on all cores. */
export async function* inspectAll(
  inputs: AsyncIterable<Input>,
  options: PoolOptions,
): AsyncGenerator<ScanResult> {
  const iterator = inputs[Symbol.asyncIterator]();
  const first: Input[] = [];
  while (first.length < PARALLEL_FROM) {
    const next = await iterator.next();
    if (next.done === true) break;
    first.push(next.value);
  }
  const allInputs = chain(first, iterator);
  if (first.length === PARALLEL_FROM) yield* inParallel(allInputs, options);
  else for await (const input of allInputs) yield inspectInput(input, options.inspection);
}

async function* chain(
  first: readonly Input[],
  remaining: AsyncIterator<Input>,
): AsyncGenerator<Input> {
  yield* first;
  for (let next = await remaining.next(); next.done !== true; next = await remaining.next())
    yield next.value;
}

async function* inParallel(
  inputs: AsyncIterable<Input>,
  { inspection, startThread }: PoolOptions,
): AsyncGenerator<ScanResult> {
  // Few scans need threads, and loading them takes time.
  const [{ InspectionPool }, { pMapIterable }] = await Promise.all([
    import('@tarwarden/guard'),
    import('p-map'),
  ]);
  const pool = new InspectionPool(startThread);
  const inThread = async (input: Input): Promise<ScanResult> => {
    if ('error' in input) return input;
    const { path, shown = path, fetched } = input;
    const facts = { path: shown, ...(fetched !== undefined && { fetched }) };
    try {
      const verdict = await pool.inspectFile(path, { ...inspection, ...input.inspection });
      return { ...facts, verdict };
    } catch (error) {
      const { code, message } = error as { code?: ScanError['code']; message: string };
      return { ...facts, error: code === undefined ? DIED : { code, message } };
    }
  };
  yield* pMapIterable(inputs, inThread, { concurrency: AT_ONCE, backpressure: WAITING_MAX });
}

/** Starts threads that inspect archives of every format. */
export function inspectingThread(mainUrl: string): () => Worker {
  return () => new Worker(new URL('./audit-thread.js', mainUrl));
}
