/*
 * Divides the files of a large scan among threads. Results are yielded in the order of the inputs.
 *
 *   inputs, one after the other                      results, in the same order
 *        │                                                    ▲
 *        ▼                                                    │
 *   ┌─ main thread (pool.ts, threads.ts) ─────────────────────┴───────────────────┐
 *   │  numbers the inputs, lists them in a window, collects results by number;    │
 *   │  inspects as well: one thread less has to start                             │
 *   └──┬───────────────────────────────▲──────────────────────────────┬───────────┘
 *      │ message: Batch                │ message: ThreadReport        │ takes tickets
 *      │ (the next inputs, to all)     │ (tickets and results)        ▼
 *   ┌──▼───────────────────────────────┴───────┐      ┌─ Counter, shared memory ──────┐
 *   │ threads (scan-thread.ts, worker.ts),     ├─────▶│ the next ticket, and for each │
 *   │ each with a window of its own            │ take │ thread the tickets it holds   │
 *   └──────────────────────────────────────────┘      └───────────────────────────────┘
 *
 * - A ticket is the number of an input. The thread that takes it from the Counter inspects that input, or waits for the
 *   Batch that lists it. So threads share the work without asking the main thread for each file.
 * - At most WINDOW_SIZE inputs are listed beyond the oldest one whose result is missing. A Batch is at most half of
 *   that, so that threads have work while the main thread lists the next one.
 * - A thread reports up to MAX_UNREPORTED results together, and clears its tickets in the Counter after that.
 * - A thread that dies (Worker 'exit') leaves its tickets in the Counter. The last one is of the input that it was
 *   inspecting, which gets the result CRASHED; the main thread inspects the others itself. A new thread starts, unless
 *   the dead one had inspected nothing: then no other could start either.
 */
import { availableParallelism } from 'node:os';
import { setImmediate as breathe } from 'node:timers/promises';
import type { ScanError, ScanResult } from '@tarwarden/core/report';
import { inspectInput, type FileInspection, type Input } from './inputs.ts';
import { InputWindow, WINDOW_SIZE } from './window.ts';

/** From this many files on, threads save more than the 40 to 60 ms that each needs to start. */
const PARALLEL_FROM = 64;

/** More threads than this would wait for the disk, and each may hold an archive in memory. */
const MAX_THREADS = 8;

const DIED: ScanError = {
  code: 'CRASHED',
  message: 'the thread that inspected it ended before there was a verdict',
};

export interface PoolOptions {
  readonly inspection: FileInspection;
  /** Address of the program that a thread runs. */
  readonly threadUrl: string;
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
  const cores = Math.min(availableParallelism(), MAX_THREADS);
  if (first.length < PARALLEL_FROM || cores < 2) yield* serially(chain(first, iterator), options);
  else yield* inParallel(first, iterator, cores, options);
}

async function* chain(first: readonly Input[], rest: AsyncIterator<Input>): AsyncGenerator<Input> {
  yield* first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

async function* serially(
  inputs: AsyncIterable<Input>,
  { inspection }: PoolOptions,
): AsyncGenerator<ScanResult> {
  for await (const input of inputs) yield inspectInput(input, inspection);
}

/** The protocol is at the top of this file. */
async function* inParallel(
  first: readonly Input[],
  rest: AsyncIterator<Input>,
  cores: number,
  { inspection, threadUrl }: PoolOptions,
): AsyncGenerator<ScanResult> {
  // Few scans need threads, and loading node:worker_threads takes time.
  const { startThreads } = await import('./threads.ts');
  const window = new InputWindow();
  const results = new Map<number, ScanResult>();
  /** Tickets of the main thread: its own ones, and those of threads that died. */
  const own: number[] = [];
  let reported = 0;
  let wake: () => void = () => undefined;

  window.add({ first: 0, inputs: first });
  const threads = startThreads(cores - 1, {
    inspection,
    threadUrl,
    openBatch: () => window.since(reported),
    onReport(report) {
      for (const [ticket, result] of report) results.set(ticket, result);
      wake();
    },
    onDeath(ticket, lost) {
      if (ticket !== undefined) results.set(ticket, { path: window.at(ticket).path, error: DIED });
      own.push(...lost);
      wake();
    },
  });
  try {
    let more = true;
    while (more || reported < window.end) {
      if (more && window.end - reported <= WINDOW_SIZE / 2) {
        const batch = { first: window.end, inputs: await take(rest, WINDOW_SIZE / 2) };
        more = batch.inputs.length === WINDOW_SIZE / 2;
        window.add(batch);
        threads.send(batch);
      }
      if (own.length === 0) own.push(threads.counter.take());
      const at = own.findIndex((ticket) => ticket < window.end);
      const [ticket] = at === -1 ? [] : own.splice(at, 1);
      if (ticket !== undefined) {
        results.set(ticket, inspectInput(window.at(ticket), inspection));
        // Meanwhile, reports of the threads arrive.
        await breathe();
      } else if (!results.has(reported)) {
        await new Promise<void>((resolve) => (wake = resolve));
      }
      for (let next = results.get(reported); next !== undefined; next = results.get(reported)) {
        results.delete(reported);
        reported += 1;
        yield next;
      }
    }
  } finally {
    await threads.stop();
  }
}

async function take(inputs: AsyncIterator<Input>, count: number): Promise<Input[]> {
  const taken: Input[] = [];
  while (taken.length < count) {
    const next = await inputs.next();
    if (next.done === true) break;
    taken.push(next.value);
  }
  return taken;
}
