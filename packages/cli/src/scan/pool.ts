import { availableParallelism } from 'node:os';
import { setImmediate as breathe } from 'node:timers/promises';
import type { ScanError, ScanResult } from '@tarwarden/core/report';
import type { Input } from './inputs.ts';
import { judgeInput, type Job } from './judge-file.ts';
import { Listed, WINDOW } from './listed.ts';

/** From this many files on, threads save more than the 40 to 60 ms that each needs to start. */
const PARALLEL_FROM = 64;

/** More threads than this would wait for the disk, and each may hold an archive in memory. */
const MAX_THREADS = 8;

const DIED: ScanError = {
  code: 'CRASHED',
  message: 'the thread that judged it ended before there was a verdict',
};

export interface JudgeOptions {
  readonly job: Job;
  /** Address of the program that a thread runs. */
  readonly threadUrl: string;
}

/** Judges inputs and yields the results in the order of the inputs; many files on all cores. */
export async function* judgeAll(
  inputs: AsyncIterable<Input>,
  options: JudgeOptions,
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
  { job }: JudgeOptions,
): AsyncGenerator<ScanResult> {
  for await (const input of inputs) yield judgeInput(input, job);
}

/** This thread judges as well: one less has to start, and get warm. */
async function* inParallel(
  first: readonly Input[],
  rest: AsyncIterator<Input>,
  cores: number,
  { job, threadUrl }: JudgeOptions,
): AsyncGenerator<ScanResult> {
  // Few scans need threads, and all would wait for node:worker_threads.
  const { startThreads } = await import('./threads.ts');
  const listed = new Listed();
  const results = new Map<number, ScanResult>();
  /** Numbers that this thread took, or takes over. */
  const own: number[] = [];
  let reported = 0;
  let wake: () => void = () => undefined;

  listed.add({ from: 0, inputs: first });
  const threads = startThreads(cores - 1, {
    job,
    threadUrl,
    listed: () => listed.since(reported),
    told(told) {
      for (const [ticket, result] of told) results.set(ticket, result);
      wake();
    },
    died(ticket, others) {
      if (ticket !== undefined) results.set(ticket, { path: listed.at(ticket).path, error: DIED });
      own.push(...others);
      wake();
    },
  });
  try {
    let more = true;
    while (more || reported < listed.end) {
      if (more && listed.end - reported <= WINDOW / 2) {
        const stretch = { from: listed.end, inputs: await take(rest, WINDOW / 2) };
        more = stretch.inputs.length === WINDOW / 2;
        listed.add(stretch);
        threads.list(stretch);
      }
      if (own.length === 0) own.push(threads.tickets.take());
      const at = own.findIndex((ticket) => ticket < listed.end);
      const [ticket] = at === -1 ? [] : own.splice(at, 1);
      if (ticket !== undefined) {
        results.set(ticket, judgeInput(listed.at(ticket), job));
        // What the others tell of arrives in between.
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
