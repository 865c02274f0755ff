import { Worker } from 'node:worker_threads';
import { afterAll, expect, it } from 'vitest';
import { InspectionPool } from '../../../../packages/guard/src/inspect/inspection-thread.ts';

/** Answers with what it was given, and dies of one archive. */
const PROGRAM = `
import { parentPort } from 'node:worker_threads';
parentPort.on('message', ({ id, archive }) => {
  const text = Buffer.from(archive).toString();
  if (text === 'deadly') process.exit(1);
  parentPort.postMessage({ id, result: { verdict: { text } } });
});`;

const started: Worker[] = [];
const start = (): Worker => {
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(PROGRAM)}`));
  started.push(worker);
  return worker;
};
afterAll(async () => {
  await Promise.all(started.map(async (one) => one.terminate()));
});

it('gives every archive its verdict, but for the one that a thread dies of', async () => {
  const pool = new InspectionPool(start);
  const archives = Array.from({ length: 40 }, (_, n) => (n === 17 ? 'deadly' : `archive ${n}`));
  const outcomes = await Promise.all(
    archives.map(async (text) =>
      pool.inspect(Buffer.from(text), {}).then(
        (verdict) => (verdict as unknown as { text: string }).text,
        () => 'no verdict',
      ),
    ),
  );
  expect(outcomes).toEqual(archives.map((text) => (text === 'deadly' ? 'no verdict' : text)));
});

it('starts no thread before there is something to do', () => {
  const before = started.length;
  expect(new InspectionPool(start)).toBeDefined();
  expect(started).toHaveLength(before);
});
