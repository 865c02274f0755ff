/* A run that stays: what it reads again, and when it ends. */
import { beforeEach, expect, it } from 'vitest';
import {
  SourceError,
  type Part,
  type SweepSource,
} from '../../../../packages/server/src/sweep/sources/source.ts';
import { runSource, type SweepOptions } from '../../../../packages/server/src/sweep/sweep.ts';
import { MemoryLedger, MemoryQueue, work } from './memory.ts';

const PAUSE = 40;

let ledger: MemoryLedger;
let queue: MemoryQueue;
let stop: AbortController;
let away: number[];
beforeEach(() => {
  ledger = new MemoryLedger();
  queue = new MemoryQueue(ledger);
  stop = new AbortController();
  away = [];
});

/** A source with one reading for each function. It is stopped in the pause behind the one after them. */
function readings(...all: readonly (() => readonly Part[])[]): SweepSource & { asked: unknown[] } {
  const asked: unknown[] = [];
  return {
    id: 'feed:x',
    isEndless: true,
    asked,
    // oxlint-disable-next-line require-await -- as a source that reads
    async *parts(after) {
      const reading = all[asked.push(after) - 1];
      if (asked.length === all.length + 1) setTimeout(() => stop.abort(), PAUSE / 2);
      yield* reading?.() ?? [];
    },
  };
}

async function follow(source: SweepSource, more: Partial<SweepOptions> = {}): Promise<boolean> {
  const pauses = { pause: PAUSE, onAway: (_: SourceError, pause: number) => void away.push(pause) };
  const { signal } = stop;
  return runSource({
    name: 'n',
    source,
    ledger,
    queue,
    backlog: 9,
    signal,
    follow: pauses,
    ...more,
  });
}

const isAway = (): never => {
  throw new SourceError('the feed does not answer', { isAway: true });
};

it('reads again behind what it has read', async () => {
  const source = readings(
    () => [{ works: [work('a')], seq: '7', time: '7' }],
    () => [],
    () => [{ works: [work('b')], seq: '9', time: '9' }],
  );
  expect(await follow(source)).toBe(true);
  expect(source.asked.slice(0, 3)).toEqual([undefined, '7', '7']);
  expect([...ledger.cursors.values()]).toEqual(['9']);
});

it('waits longer each time for a source that does not answer', async () => {
  const part = { works: [work('a')], seq: '1' };
  expect(await follow(readings(isAway, isAway, isAway, () => [part]))).toBe(true);
  expect(away.slice(0, 3)).toEqual([PAUSE, 2 * PAUSE, 4 * PAUSE]);
  expect([...ledger.cursors.values()]).toEqual(['1']);
});

it('ends where the source is not one any more', async () => {
  const gone = (): never => {
    throw new SourceError('the feed answers 410');
  };
  await expect(follow(readings(() => [], gone))).rejects.toThrow('410');
});

it('ends without an error where it is stopped while the source does not answer', async () => {
  const hangs: SweepSource = {
    id: 'feed:x',
    isEndless: true,
    // oxlint-disable-next-line require-yield -- as one that answers nothing
    async *parts(_after, signal) {
      setTimeout(() => stop.abort(), PAUSE);
      await new Promise((_, reject) => {
        signal?.addEventListener('abort', () => reject(new Error('aborted')));
      });
    },
  };
  expect(await follow(hangs)).toBe(false);
});
