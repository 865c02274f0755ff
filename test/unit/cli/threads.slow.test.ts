import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Input } from '../../../packages/cli/src/archives/inputs.ts';
import { inspectAll } from '../../../packages/cli/src/archives/pool.ts';
import { startThreads, type Threads } from '../../../packages/cli/src/archives/threads.ts';
import { threadProgram } from '../../support/thread-program.ts';

const NO_START = 'data:text/javascript,throw new Error()';

let standIn = '';
beforeAll(async () => {
  standIn = (await threadProgram(new URL('thread-stand-in.ts', import.meta.url))).href;
});

let threads: Threads | undefined;
afterEach(async () => threads?.stop());

/** Sends paths to threads and takes no part: what they reported, died of, and lost, by path. */
async function inspectedBy(
  count: number,
  { paths, threadUrl = standIn }: { paths: readonly string[]; threadUrl?: string },
): Promise<{ reported: string[]; diedOf: string[]; lost: string[] }> {
  const inputs = paths.map((path) => ({ path }));
  const seen = { reported: [] as string[], diedOf: [] as string[], lost: [] as string[] };
  let ends = 0;
  await new Promise<void>((resolve) => {
    const check = (): void => {
      const all = seen.reported.length + seen.diedOf.length + seen.lost.length;
      if (all >= paths.length || ends === count) resolve();
    };
    threads = startThreads(count, {
      inspection: {},
      threadUrl,
      openBatch: () => ({ first: 0, inputs }),
      onReport(results) {
        seen.reported.push(...results.map(([, { path }]) => path));
        check();
      },
      onDeath(ticket, lost) {
        if (ticket === undefined) ends += 1;
        else seen.diedOf.push(paths[ticket]!);
        seen.lost.push(...lost.flatMap((one) => paths[one] ?? []));
        check();
      },
    });
  });
  return seen;
}

describe('startThreads', () => {
  it.each([1, 2, 3])(
    '%i of them lose only the file of which one died, and go on',
    async (count) => {
      const good = Array.from({ length: 200 }, (_, at) => `${at}`);
      const paths = good.flatMap((path, at) =>
        at % 50 === 7 ? ['exit', path] : at % 50 === 20 ? [path, 'throw'] : [path],
      );
      const { reported, diedOf, lost } = await inspectedBy(count, { paths });
      expect(diedOf.toSorted()).toEqual(paths.filter((path) => !good.includes(path)).toSorted());
      expect([...reported, ...lost].toSorted()).toEqual(good.toSorted());
      expect(reported.length).toBeGreaterThan(lost.length);
    },
  );

  it('that die one after the other are all replaced', async () => {
    const { reported, diedOf, lost } = await inspectedBy(2, { paths: Array(20).fill('exit') });
    expect({ reported, lost }).toEqual({ reported: [], lost: [] });
    expect(diedOf).toHaveLength(20);
  });

  it('are not tried again where they cannot start', async () => {
    const seen = await inspectedBy(2, { paths: ['a', 'b', 'c'], threadUrl: NO_START });
    expect(seen).toEqual({ reported: [], diedOf: [], lost: [] });
  });
});

describe('inspectAll', () => {
  async function* inputs(paths: readonly string[]): AsyncGenerator<Input> {
    for (const path of paths) yield await Promise.resolve({ path });
  }

  async function inspected(paths: readonly string[], threadUrl: string): Promise<string[]> {
    const seen: string[] = [];
    for await (const result of inspectAll(inputs(paths), { inspection: {}, threadUrl }))
      seen.push(`${result.path} ${'error' in result ? result.error.code : 'verdict'}`);
    return seen;
  }

  it.each([0, 3, 63, 64, 700, 3000])('keeps the order of %i inputs', async (count) => {
    const paths = Array.from({ length: count }, (_, index) => `/nowhere/${index}.tgz`);
    const seen = await inspected(paths, standIn);
    expect(seen.map((line) => line.split(' ')[0])).toEqual(paths);
  });

  it('inspects all by itself where no thread can start', async () => {
    const paths = Array.from({ length: 1000 }, (_, index) => `/nowhere/${index}.tgz`);
    expect(await inspected(paths, NO_START)).toEqual(paths.map((path) => `${path} NOT_FOUND`));
  });

  it('has a result for each file where threads die of many', async () => {
    const paths = Array.from({ length: 1000 }, (_, at) => (at % 10 === 3 ? 'exit' : `${at}`));
    const seen = await inspected(paths, standIn);
    expect(seen.map((line) => line.split(' ')[0])).toEqual(paths);
    // This thread, which is the real one, finds no such file.
    for (const line of seen)
      expect(line).toMatch(/^(?:exit (?:CRASHED|NOT_FOUND)|\d+ (?:UNREADABLE|NOT_FOUND))$/);
  });
});
