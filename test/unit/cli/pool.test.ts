import { availableParallelism } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Input } from '../../../packages/cli/src/archives/inputs.ts';
import { inspectAll } from '../../../packages/cli/src/archives/pool.ts';
import { threadProgram } from '../../support/thread-program.ts';

/** What the threads say aloud. */
let channel: InstanceType<typeof BroadcastChannel>;
let inspecting = 0;
let heard: Promise<void>;
beforeEach(() => {
  inspecting = 0;
  channel = new BroadcastChannel('tarwarden-pool-test');
  heard = new Promise((resolve) => {
    channel.addEventListener('message', () => {
      inspecting += 1;
      resolve();
    });
  });
});
afterEach(() => channel.close());

const pathsOf = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `/nowhere/${index}.tgz`);

/** By whom each path was inspected: the stand-in in a thread, or the real inspect here, which finds no such file. */
async function inspectedBy(inputs: AsyncIterable<Input>): Promise<[path: string, by: string][]> {
  const threadUrl = (await threadProgram(new URL('pool-stand-in.ts', import.meta.url))).href;
  const seen: [string, string][] = [];
  for await (const result of inspectAll(inputs, { inspection: {}, threadUrl })) {
    const code = 'error' in result ? result.error.code : 'verdict';
    seen.push([result.path, code === 'UNREADABLE' ? 'thread' : code]);
  }
  return seen;
}

describe('inspectAll', () => {
  it.skipIf(availableParallelism() < 2)('lets threads inspect 64 files and more', async () => {
    // The last one comes when a thread has inspected one of those before.
    async function* inputs(): AsyncGenerator<Input> {
      for (const path of pathsOf(64)) yield { path };
      await heard;
      yield { path: '/nowhere/64.tgz' };
    }
    const seen = await inspectedBy(inputs());
    expect(seen.map(([path]) => path)).toEqual(pathsOf(65));
    expect(seen.filter(([, by]) => by === 'thread').length).toBeGreaterThan(0);
    for (const [, by] of seen) expect(by).toMatch(/^(?:thread|NOT_FOUND)$/);
  });

  it('starts none for fewer', async () => {
    async function* inputs(): AsyncGenerator<Input> {
      for (const path of pathsOf(63)) yield await Promise.resolve({ path });
    }
    const seen = await inspectedBy(inputs());
    expect(seen).toEqual(pathsOf(63).map((path) => [path, 'NOT_FOUND']));
    expect(inspecting).toBe(0);
  });
});
