import { availableParallelism } from 'node:os';
import type { ScanResult } from '@tarwarden/core';
import type { Input } from './inputs.ts';
import { judgeFile, type Job } from './judge-file.ts';
import { startWorkers } from './workers.ts';

/** From this many files on, threads save more than the 40 to 60 ms that each needs to start. */
const PARALLEL_FROM = 64;

/** More threads than this would wait for the disk, and each may hold an archive in memory. */
const MAX_WORKERS = 8;

/** Results that may wait for an earlier one: what keeps memory bounded while the order is kept. */
const WINDOW = 256;

export interface JudgeOptions {
  readonly job: Job;
  /** Address of the program's main file, which threads start from. */
  readonly mainUrl: string;
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
  const cores = Math.min(availableParallelism(), MAX_WORKERS);
  if (first.length < PARALLEL_FROM || cores < 2) yield* serially(chain(first, iterator), options);
  else yield* inParallel(chain(first, iterator), cores, options);
}

async function* chain(first: readonly Input[], rest: AsyncIterator<Input>): AsyncGenerator<Input> {
  yield* first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

async function* serially(
  inputs: AsyncIterable<Input>,
  { job }: JudgeOptions,
): AsyncGenerator<ScanResult> {
  for await (const { path, error } of inputs) {
    yield error === undefined ? judgeFile(path, job) : { path, error };
  }
}

async function* inParallel(
  inputs: AsyncGenerator<Input>,
  cores: number,
  options: JudgeOptions,
): AsyncGenerator<ScanResult> {
  const workers = startWorkers(cores, options);
  const waiting: Promise<ScanResult>[] = [];
  try {
    for await (const { path, error } of inputs) {
      waiting.push(error === undefined ? workers.judge(path) : Promise.resolve({ path, error }));
      const oldest = waiting.length < WINDOW ? undefined : waiting.shift();
      if (oldest !== undefined) yield await oldest;
    }
    for (const result of waiting) yield await result;
  } finally {
    await workers.stop();
  }
}
