import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScanResult } from '@tarwarden/core/report';
import type { Input } from '../../../packages/cli/src/archives/inputs.ts';
import { inspectAll } from '../../../packages/cli/src/archives/pool.ts';
import { scanFile } from '@tarwarden/guard/inspect-file';
import { threadProgram } from '../../support/thread-program.ts';

let program: URL;
let folder = '';
beforeAll(async () => {
  program = await threadProgram(
    new URL('../../../packages/cli/src/archives/inspection-thread.ts', import.meta.url),
  );
  folder = mkdtempSync(join(tmpdir(), 'tarwarden-pool-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function* inputs(paths: readonly string[]): AsyncGenerator<Input> {
  for (const path of paths) yield await Promise.resolve({ path });
}

/** Inspects the paths with threads of a program, and counts the threads that were started. */
async function inspected(
  paths: readonly string[],
  threadUrl = program,
): Promise<{ results: ScanResult[]; threads: number }> {
  let threads = 0;
  const startThread = (): Worker => {
    threads += 1;
    return new Worker(threadUrl);
  };
  const results: ScanResult[] = [];
  for await (const result of inspectAll(inputs(paths), { inspection: {}, startThread }))
    results.push(result);
  return { results, threads };
}

const missing = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => join(folder, `${index}.tgz`));

describe('inspectAll', () => {
  it.each([0, 63])('starts no thread for %i files', async (count) => {
    const { results, threads } = await inspected(missing(count));
    expect(threads).toBe(0);
    expect(results).toEqual(missing(count).map((path) => scanFile(path, {})));
  });

  it.each([64, 1500])('has the same results in the same order for %i files', async (count) => {
    const paths = missing(count).map((path, at) => (at % 3 === 0 ? path : `${path}.whl`));
    for (const path of [paths[5]!, paths[60]!]) writeFileSync(path, 'no archive');
    const { results, threads } = await inspected(paths);
    expect(threads).toBeGreaterThan(0);
    expect(results).toEqual(paths.map((path) => scanFile(path, {})));
    expect(results[5]).toMatchObject({ verdict: { format: 'wheel', status: 'reject' } });
    expect(results[60]).toMatchObject({ verdict: { format: 'npm', status: 'reject' } });
  });

  it('says of each file that no thread could inspect it', async () => {
    const paths = missing(70);
    const { results } = await inspected(paths, new URL('data:text/javascript,throw new Error()'));
    expect(results).toEqual(
      paths.map((path) => ({ path, error: expect.objectContaining({ code: 'CRASHED' }) })),
    );
  });
});
