import { afterEach, describe, expect, it } from 'vitest';
import type { ScanResult } from '@tarwarden/core';
import { judgeAll } from '../../../packages/cli/src/scan/pool.ts';
import { startWorkers, type Workers } from '../../../packages/cli/src/scan/workers.ts';

/** A thread that answers with what it was given, but dies of some paths. */
const STAND_IN = `data:text/javascript,${encodeURIComponent(`
  import { parentPort } from 'node:worker_threads';
  parentPort.on('message', (paths) => {
    if (paths.includes('exit')) process.exit(0);
    if (paths.includes('throw')) throw new Error('thrown');
    parentPort.postMessage(
      paths.map((path) => ({ path, error: { code: 'UNREADABLE', message: 'stand-in' } })),
    );
  });
`)}`;

let workers: Workers | undefined;
afterEach(async () => workers?.stop());

function codes(results: readonly ScanResult[]): string[] {
  return results.map((one) => `${one.path} ${'error' in one ? one.error.code : 'verdict'}`);
}

describe('startWorkers', () => {
  it('loses only the file of which a thread died, and goes on', async () => {
    const pool = startWorkers(2, { job: {}, mainUrl: STAND_IN });
    workers = pool;
    const paths = ['a', 'exit', 'b', 'throw', 'c', 'exit', 'throw', 'd', 'e'];
    expect(codes(await Promise.all(paths.map(async (path) => pool.judge(path))))).toEqual([
      'a UNREADABLE',
      'exit CRASHED',
      'b UNREADABLE',
      'throw CRASHED',
      'c UNREADABLE',
      'exit CRASHED',
      'throw CRASHED',
      'd UNREADABLE',
      'e UNREADABLE',
    ]);
  });

  it('loses no neighbour of a file that was handed out with others', async () => {
    const pool = startWorkers(1, { job: {}, mainUrl: STAND_IN });
    workers = pool;
    const paths = Array.from({ length: 200 }, (_, at) => (at % 50 === 7 ? 'exit' : `${at}`));
    const seen = codes(await Promise.all(paths.map(async (path) => pool.judge(path))));
    expect(seen).toEqual(
      paths.map((path) => `${path} ${path === 'exit' ? 'CRASHED' : 'UNREADABLE'}`),
    );
  });

  it('has no verdict where threads cannot start at all', async () => {
    const pool = startWorkers(2, { job: {}, mainUrl: 'data:text/javascript,throw new Error()' });
    workers = pool;
    expect(codes(await Promise.all(['a', 'b', 'c'].map(async (path) => pool.judge(path))))).toEqual(
      ['a CRASHED', 'b CRASHED', 'c CRASHED'],
    );
  });
});

describe('judgeAll', () => {
  it.each([3, 63, 64, 700])('keeps the order of %i inputs', async (count) => {
    const paths = Array.from({ length: count }, (_, index) => `/nowhere/${index}.tgz`);
    async function* inputs(): AsyncGenerator<{ path: string }> {
      for (const path of paths) yield await Promise.resolve({ path });
    }
    const seen: string[] = [];
    for await (const { path } of judgeAll(inputs(), { job: {}, mainUrl: STAND_IN }))
      seen.push(path);
    expect(seen).toEqual(paths);
  });
});
