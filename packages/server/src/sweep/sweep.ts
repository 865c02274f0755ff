/* A sweep reads a source and keeps the queue filled, and ends when the ledger has no open tasks. */
import { setTimeout as wait } from 'node:timers/promises';
import { printable } from '@tarwarden/core/text';
import { unlessAborted } from '@tarwarden/host';
import type { Ledger } from './ledger/ledger.ts';
import type { TaskQueue } from './queue.ts';
import { SourceError, type SweepSource } from './sources/source.ts';
import { folderMark, itemsOf, taskOf, type SweepTask } from './tasks.ts';

export interface SweepOptions {
  readonly name: string;
  readonly source: SweepSource;
  readonly ledger: Pick<
    Ledger,
    'cursor' | 'forgetCursor' | 'outstanding' | 'plan' | 'tasks' | 'write'
  >;
  readonly queue: Pick<TaskQueue, 'add' | 'counts' | 'takeFailed'>;
  /** The most tasks that wait in the queue. */
  readonly backlog: number;
  /** Stops the sweep; planned tasks stay in the ledger. */
  readonly signal: AbortSignal;
  /** Reads the source again and again, until it is stopped. */
  readonly follow?: Follow | undefined;
}

export interface Follow {
  /** Milliseconds between two readings. */
  readonly pause: number;
  /** Called when the source does not answer; it is asked again after this time. */
  readonly onAway: (error: SourceError, pause: number) => void;
}

/** The longest pause before a source that does not answer is asked again. Milliseconds. */
const AWAY_MAX = 900_000;

/** Milliseconds between two checks of the queue. */
const LOOK = 250;
/** The most tasks added to the queue at once. */
const BULK = 500;

/** Milliseconds between two tries of a server that is away, and the number of tries. */
const PAUSE = 1000;
const TRIES = 60;

/** Gives a server that is away a minute to come back, unless the sweep is stopped. `ask` may run several times. */
async function patient<T>(signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
  for (let left = TRIES; ; left -= 1) {
    try {
      // Queries to Redis wait as long as it is away, so stop waiting when the sweep is stopped.
      return await unlessAborted(ask(), signal);
    } catch (error) {
      if (left === 0 || signal.aborted) throw error;
      await pauseFor(PAUSE, signal);
    }
  }
}

/**
 * Resolves when all work of the source is done, or earlier when stopped.
 * @returns Whether all work is done.
 */
export async function runSource(options: SweepOptions): Promise<boolean> {
  try {
    return await swept(options);
  } catch (error) {
    if (options.signal.aborted) return false;
    throw error;
  }
}

async function swept(options: SweepOptions): Promise<boolean> {
  const { name, source, ledger, signal, follow } = options;
  const place = `${name} ${source.id}`;
  // Tasks that an earlier run planned: the queue may have lost them.
  await refill(options);
  let isDone = await readAndDrained(options, place);
  if (follow === undefined) {
    if (isDone && !source.isEndless) await patient(signal, () => ledger.forgetCursor(place));
    return isDone;
  }
  while (!signal.aborted) {
    await pauseFor(follow.pause, signal);
    if (!signal.aborted) isDone = await readAndDrained(options, place);
  }
  return isDone;
}

/** Returns whether all work of the source is done. If the source is followed and does not answer, it waits. */
async function readAndDrained(options: SweepOptions, place: string): Promise<boolean> {
  const { signal, follow } = options;
  for (let pause = follow?.pause ?? 0; ; pause = Math.max(Math.min(2 * pause, AWAY_MAX), pause)) {
    try {
      if (!(await read(options, place))) return false;
      return await drained(options);
    } catch (error) {
      if (signal.aborted) return false;
      if (follow === undefined || !(error instanceof SourceError && error.isAway)) throw error;
      follow.onAway(error, pause);
      if (!(await drained(options))) return false;
      await pauseFor(pause, signal);
    }
  }
}

/** Plans the work of the source. @returns Whether the source was read to its end. */
async function read(options: SweepOptions, place: string): Promise<boolean> {
  const { name, source, ledger, signal } = options;
  const after = await patient(signal, () => ledger.cursor(place));
  for await (const { works, seq, time } of source.parts(after, signal)) {
    if (signal.aborted) return false;
    const tasks = works.map((work) => taskOf(work, time, folderMark(source)));
    await patient(signal, () => ledger.plan({ name, place }, tasks, seq));
    await give(options, tasks);
  }
  return !signal.aborted;
}

async function pauseFor(time: number, signal: AbortSignal): Promise<void> {
  await wait(time, undefined, { signal }).catch(() => undefined);
}

async function refill(options: SweepOptions): Promise<void> {
  const { name, ledger, signal } = options;
  let after = '';
  for (;;) {
    const tasks = await patient(signal, () => ledger.tasks(name, after, BULK));
    const last = tasks.at(-1);
    if (last === undefined || signal.aborted) return;
    await give(options, tasks);
    after = last.id;
  }
}

/** Waits until the queue has room. */
async function give(options: SweepOptions, tasks: readonly SweepTask[]): Promise<void> {
  const { queue, backlog, signal } = options;
  for (let at = 0; at < tasks.length; at += BULK) {
    while (!signal.aborted && (await patient(signal, () => queue.counts())).waiting >= backlog)
      await wait(LOOK);
    if (signal.aborted) return;
    await patient(signal, () => queue.add(tasks.slice(at, at + BULK)));
  }
}

async function drained(options: SweepOptions): Promise<boolean> {
  const { name, ledger, queue, signal } = options;
  while (!signal.aborted) {
    await settleFailed(options);
    if ((await patient(signal, () => ledger.outstanding(name))) === 0) return true;
    // The queue is empty although the ledger has open tasks, so the queue was lost.
    if ((await patient(signal, () => queue.counts())).open === 0) await refill(options);
    await wait(LOOK);
  }
  return false;
}

/** Writes tasks that are not tried again to the ledger as not inspected. */
async function settleFailed({ name, ledger, queue, signal }: SweepOptions): Promise<void> {
  for (const { task, reason } of await patient(signal, () => queue.takeFailed())) {
    const failed = itemsOf(task).map((item) => ({ item, reason: printable(reason, 500) }));
    await patient(signal, () => ledger.write(name, failed, { task, settled: [] }));
  }
}
