/* What a run does when servers forget, fail, or it is told to stop: with a ledger and a queue in memory. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { SweepSource } from '../../../../packages/server/src/sweep/sources/source.ts';
import { runSource, type SweepOptions } from '../../../../packages/server/src/sweep/sweep.ts';
import { taskOf } from '../../../../packages/server/src/sweep/tasks.ts';
import { MemoryLedger, MemoryQueue, sourceOf, work } from './memory.ts';

let ledger: MemoryLedger;
let queue: MemoryQueue;
beforeEach(() => {
  ledger = new MemoryLedger();
  queue = new MemoryQueue(ledger);
});

async function run(source: SweepSource, more: Partial<SweepOptions> = {}): Promise<boolean> {
  const signal = new AbortController().signal;
  return runSource({ name: 'n', source, ledger, queue, backlog: 100, signal, ...more });
}

describe('a sweep', () => {
  it('ends when the ledger has nothing left, and begins anew the next time', async () => {
    const source = sourceOf([{ works: [work('a'), work('b')], seq: '2' }]);
    expect(await run(source)).toBe(true);
    expect(ledger.cursors.size).toBe(0);
  });

  it('of a feed goes on where it ended', async () => {
    const source = sourceOf([{ works: [work('a')], seq: '7', time: '7' }], true);
    await run(source);
    await run(source);
    expect(source.asked).toEqual([undefined, '7']);
  });

  it('does what an earlier run has planned, though the queue has forgotten it', async () => {
    const task = taskOf(work('left'));
    ledger.open.set(task.id, task);
    expect(await run(sourceOf([]))).toBe(true);
    expect(ledger.open.size).toBe(0);
  });

  it('fills a queue again that was lost on the way', async () => {
    queue.lost = 3;
    expect(await run(sourceOf([{ works: [work('a'), work('b')], seq: '2' }]))).toBe(true);
    expect(queue.lost).toBe(0);
  });

  it('writes down what is not tried again', async () => {
    queue.failing = 'b';
    expect(await run(sourceOf([{ works: [work('a'), work('b')], seq: '2' }]))).toBe(true);
    expect(ledger.failed).toEqual([{ item: 'b', reason: 'job stalled more than allowable limit' }]);
  });

  it('has no more waiting than it is allowed to, and one batch', async () => {
    const parts = Array.from({ length: 20 }, (_, part) => ({
      works: Array.from({ length: 500 }, (_, at) => work(`p${part}-${at}`)),
      seq: String(part),
    }));
    expect(await run(sourceOf(parts), { backlog: 100 })).toBe(true);
    expect(queue.most).toBeLessThanOrEqual(600);
  });

  it('waits for a ledger that is away', async () => {
    let away = 2;
    const outstanding = ledger.outstanding.bind(ledger);
    ledger.outstanding = () => {
      away -= 1;
      return away >= 0 ? Promise.reject(new Error('terminating connection')) : outstanding();
    };
    expect(await run(sourceOf([{ works: [work('a')], seq: '1' }]))).toBe(true);
    expect(away).toBeLessThan(0);
  });

  it('stops when it is told to, though the queue does not answer', async () => {
    const stop = new AbortController();
    queue.counts = () => {
      setTimeout(() => stop.abort(), 10);
      return new Promise(() => undefined);
    };
    const source = sourceOf([{ works: [work('a')], seq: '1' }]);
    expect(await run(source, { signal: stop.signal })).toBe(false);
    expect(ledger.open.size).toBe(1);
  });

  it('stops when it is told to, and leaves the rest in the ledger', async () => {
    const stop = new AbortController();
    stop.abort();
    const source = sourceOf([{ works: [work('a')], seq: '1' }]);
    expect(await run(source, { signal: stop.signal })).toBe(false);
    expect(queue.waiting.size).toBe(0);
  });
});
