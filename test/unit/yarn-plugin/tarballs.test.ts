/** The gate before Yarn's converter: only tarballs that were inspected are turned into archives. */
import { EventEmitter } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { interceptAll } from '../../../packages/guard/src/run/intercept.ts';
import { Fetches } from '../../../packages/yarn-plugin/src/fetches.ts';
import { interceptsOf } from '../../../packages/yarn-plugin/src/intercepts.ts';
import { Tarballs } from '../../../packages/yarn-plugin/src/tarballs.ts';
import { live, locator, yarnCore, type Pool, type YarnCore } from '../../support/yarn-core.ts';

vi.mock('../../../packages/yarn-plugin/node_modules/@yarnpkg/core', async () =>
  (await import('../../support/yarn-core.ts')).liveCore(),
);

type Guard = Parameters<Tarballs['behind']>[1];

const MIB = 1024 * 1024;
const subject = { label: 'a@1.0.0', expected: { name: 'a', version: '1.0.0' }, hasTarball: true };
const configuration = { name: 'the configuration' } as never;
const hosted = { ...locator, reference: 'https://github.com/a/a.git#commit=1' };

function guardOf() {
  return {
    tarball: vi.fn(
      async (_bytes: Uint8Array, _subject: unknown, _options?: { readonly keep?: boolean }) => ({
        sha512: 'hash of it',
        tar: undefined as Uint8Array | undefined,
      }),
    ),
    unpackedBytes: vi.fn((_bytes: Uint8Array): number | undefined => undefined),
  };
}

let tarballs: Tarballs;
let guard: ReturnType<typeof guardOf>;
let pool: Pool;
const post = Worker.prototype.postMessage;

const guards = {
  for: vi.fn(async (_configuration: unknown) => guard),
  notInspected: async ({ label }: { label: string }, why: string) =>
    new Error(`${label} was not inspected: ${why}`),
};
let fetches: Fetches;

function arm(core: YarnCore): void {
  live.core = core;
  pool = core.pools.own;
  fetches = new Fetches();
  tarballs = new Tarballs({ guards: guards as never, fetches });
  interceptAll(interceptsOf({ tarballs } as never), { replaced: new WeakSet() });
}

beforeEach(() => {
  guard = guardOf();
  guards.for.mockClear();
  arm(yarnCore());
});
afterEach(() => {
  Worker.prototype.postMessage = post;
});

/** Yarn's fetcher for a package, which does `act`. */
const fetch = (act: () => Promise<unknown>, of: object = locator): Promise<unknown> =>
  new live.core.MultiFetcher().fetch(of, { act, project: { configuration } } as never);

const tgz = Buffer.from('a tarball of some bytes');
const conversion = { tgz, tmpFile: '/tmp/a.zip', more: 1 };
const behind = async (): Promise<string | undefined> =>
  (await tarballs.behind('/tmp/a.zip', guard as unknown as Guard, subject as never))?.sha512;

describe('a tarball', () => {
  test('is inspected before it is converted, and is then known by the file', async () => {
    guard.tarball.mockImplementation(async () => {
      expect(pool.ran).toEqual([]);
      return { sha512: 'hash of it', tar: undefined };
    });
    const run = () =>
      fetches.during(locator as never, configuration, async () => pool.run(conversion));
    expect(await fetch(run)).toBe('converted');
    expect(pool.ran).toEqual([conversion]);
    expect(guard.tarball.mock.calls).toEqual([[tgz, subject, { keep: false, known: undefined }]]);
    expect(guards.for).toHaveBeenCalledWith(configuration);
    expect(await behind()).toBe('hash of it');
    // Once: the file may be another one the next time.
    expect(await behind()).toBeUndefined();
  });

  test('is inspected by what is known of its archive', async () => {
    const run = () =>
      fetches.during(locator as never, configuration, async () => pool.run(conversion), {
        demanded: 'demanded',
        known: 'known',
      });
    await fetch(run);
    expect(guard.tarball.mock.calls).toEqual([[tgz, subject, { keep: false, known: 'known' }]]);
  });

  test('that is rejected is not converted, and its refusal stays with the file', async () => {
    const refusal = new Error('rejected');
    guard.tarball.mockRejectedValue(refusal);
    await expect(fetch(() => pool.run(conversion))).rejects.toBe(refusal);
    expect(pool.ran).toEqual([]);
    await expect(behind()).rejects.toBe(refusal);
    expect(await behind()).toBeUndefined();
  });

  test('of a package that nobody keeps track of is inspected with the configuration of its pool', async () => {
    await fetch(async () => undefined);
    await pool.run(conversion);
    expect(guards.for.mock.calls).toEqual([[configuration]]);
    expect(guard.tarball).toHaveBeenCalledWith(
      tgz,
      { label: 'a tarball that Yarn is converting', hasTarball: true },
      { keep: false },
    );
  });

  test('is known through Yarn’s standard pool as well', async () => {
    guard.tarball.mockRejectedValue(new Error('rejected'));
    await expect(fetch(() => live.core.pools.standard.run(conversion))).rejects.toThrow('rejected');
    expect(live.core.pools.standard.ran).toEqual([]);
  });

  test('is inspected where another plugin marked the pool as guarded', async () => {
    const run = Object.assign(pool.run.bind(pool), { [Symbol.for('tarwarden.intercepted')]: true });
    pool.run = run;
    await fetch(() => pool.run(conversion));
    expect(guard.tarball).toHaveBeenCalledTimes(1);
  });

  test('goes through one gate, however often Yarn fetches', async () => {
    await fetch(async () => undefined);
    await fetch(() => pool.run(conversion));
    expect(guard.tarball).toHaveBeenCalledTimes(1);
  });

  test.each([undefined, null, 'text', { tmpFile: '/tmp/a.zip' }])(
    'is nothing else that Yarn gives its threads to do: %o',
    async (data) => {
      await fetch(() => pool.run(data));
      expect(pool.ran).toEqual([data]);
      expect(guards.for).not.toHaveBeenCalled();
    },
  );
});

describe('what was unpacked to be inspected', () => {
  const tar = Buffer.from('the tar');
  beforeEach(() => {
    guard.tarball.mockImplementation(async (_bytes, _subject, { keep } = {}) => ({
      sha512: 'hash of it',
      tar: keep === true ? tar : undefined,
    }));
  });

  test('is what Yarn converts', async () => {
    guard.unpackedBytes.mockReturnValue(0);
    await fetch(() => pool.run(conversion));
    expect(pool.ran).toEqual([{ ...conversion, tgz: tar }]);
    expect(guard.unpackedBytes).toHaveBeenCalledWith(tgz);
  });

  test('is not kept where its size is not known, or too large', async () => {
    await fetch(() => pool.run(conversion));
    guard.unpackedBytes.mockReturnValue(128 * MIB + 1);
    await fetch(() => pool.run(conversion));
    guard.unpackedBytes.mockReturnValue(128 * MIB);
    await fetch(() => pool.run(conversion));
    expect(pool.ran).toEqual([conversion, conversion, { ...conversion, tgz: tar }]);
  });

  test('is kept for so many at a time', async () => {
    guard.unpackedBytes.mockReturnValue(100 * MIB);
    await fetch(async () => {
      await Promise.all([pool.run(conversion), pool.run(conversion)]);
      // Both are done with, whatever came of them.
      guard.tarball.mockRejectedValueOnce(new Error('rejected'));
      await expect(pool.run(conversion)).rejects.toThrow('rejected');
      await pool.run(conversion);
    });
    expect(guard.tarball.mock.calls.map(([, , options]) => options?.keep)).toEqual([
      true,
      false,
      true,
      true,
    ]);
  });
});

describe('a refusal that Yarn swallows', () => {
  const refusal = new Error('rejected');
  beforeEach(() => {
    guard.tarball.mockRejectedValue(refusal);
  });

  test.each([
    'https://github.com/a/a.git#commit=1',
    'git@github.com:a/a.git#commit=1',
    'https://host.example/a.tgz',
    'other:npm:1.0.0',
  ])('is thrown again at the end of the fetch of %s', async (reference) => {
    const swallowing = () => pool.run(conversion).catch(() => 'another way');
    await expect(fetch(swallowing, { ...locator, reference })).rejects.toBe(refusal);
  });

  test.each(['npm', 'virtual', 'workspace', 'patch', 'file', 'exec', 'link', 'portal', 'builtin'])(
    'by no fetcher of %s: is not kept track of',
    async (protocol) => {
      const swallowing = () => pool.run(conversion).catch(() => 'another way');
      const of = { ...locator, reference: `${protocol}:1.0.0` };
      expect(await fetch(swallowing, of)).toBe('another way');
    },
  );

  test('is thrown for each fetch that it is part of', async () => {
    const inner = () =>
      fetches
        .during(locator as never, configuration, () => pool.run(conversion))
        .catch(() => 'another way');
    await expect(fetch(inner, hosted)).rejects.toBe(refusal);
  });

  test('is not thrown for a fetch beside it', async () => {
    const [one, other] = await Promise.allSettled([
      fetch(() => pool.run(conversion).catch(() => 'another way'), hosted),
      fetch(async () => 'fine', hosted),
    ]);
    expect([one?.status, other?.status]).toEqual(['rejected', 'fulfilled']);
  });

  test('names the package that is fetched', async () => {
    await fetch(async () => {
      expect(fetches.current?.locator).toBe(hosted);
      return undefined;
    }, hosted);
    expect(fetches.current).toBeUndefined();
  });
});

describe('Yarn 3, which hides its pool', () => {
  const posted: unknown[][] = [];
  beforeEach(() => {
    posted.length = 0;
    Worker.prototype.postMessage = function stub(...args: unknown[]): void {
      posted.push(args);
    };
    const core = yarnCore('3.8.7');
    core.tgzUtils = {};
    arm(core);
  });
  const send = (...args: unknown[]): void =>
    Reflect.apply(Worker.prototype.postMessage, undefined, args);

  test('has the bytes noted that go to a thread, and inspected when the archive is asked for', async () => {
    send(conversion, ['transfer']);
    expect(posted).toEqual([[conversion, ['transfer']]]);
    expect(guard.tarball).not.toHaveBeenCalled();
    expect(await behind()).toBe('hash of it');
    expect(guard.tarball.mock.calls).toEqual([[tgz, subject, { known: undefined }]]);
  });

  test('is inspected by what is known of its archive', async () => {
    send(conversion);
    await tarballs.behind('/tmp/a.zip', guard as unknown as Guard, subject as never, 'known');
    expect(guard.tarball.mock.calls).toEqual([[tgz, subject, { known: 'known' }]]);
  });

  test('has what is rejected refused then', async () => {
    send(conversion);
    guard.tarball.mockRejectedValue(new Error('rejected'));
    await expect(behind()).rejects.toThrow('rejected');
  });

  test.each([
    [0, 'it is empty'],
    [1, 'it is 1 of at least 18 bytes long'],
    [17, 'it is 17 of at least 18 bytes long'],
  ])('has one of %i bytes refused, whose end a thread would wait for', async (length, why) => {
    const worker = Object.assign(new EventEmitter(), { terminate: vi.fn() });
    const failed = vi.fn();
    worker.on('error', failed);
    const short = { ...conversion, tgz: Buffer.alloc(length) };
    Reflect.apply(Worker.prototype.postMessage, worker, [short]);
    await vi.waitFor(() => expect(worker.terminate).toHaveBeenCalledOnce());
    expect(String(failed.mock.calls[0]?.[0])).toContain(`was not inspected: ${why}`);
    expect(posted).toEqual([]);
  });

  test('sends other messages as they are, and fetches as ever', async () => {
    send('hello');
    expect(posted).toEqual([['hello']]);
    expect(await behind()).toBeUndefined();
    expect(await fetch(async () => 'fetched')).toBe('fetched');
  });
});

test('Yarn 4 has its threads left alone', () => {
  expect(Worker.prototype.postMessage).toBe(post);
});
