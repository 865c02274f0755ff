/** The gate before Yarn's converter makes an archive in Yarn's place if the lockfile demands its SHA-512. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { interceptAll } from '../../../packages/guard/src/run/intercept.ts';
import type {
  PassedTarball,
  TarballOptions,
} from '../../../packages/yarn-plugin/src/conversion.ts';
import { Fetches } from '../../../packages/yarn-plugin/src/fetches.ts';
import { interceptsOf } from '../../../packages/yarn-plugin/src/intercepts.ts';
import { Tarballs } from '../../../packages/yarn-plugin/src/tarballs.ts';
import { live, locator, yarnCore, type Pool } from '../../support/yarn-core.ts';

vi.mock('../../../packages/yarn-plugin/node_modules/@yarnpkg/core', async () =>
  (await import('../../support/yarn-core.ts')).liveCore(),
);

const subject = { label: 'a@1.0.0', expected: { name: 'a', version: '1.0.0' }, hasTarball: true };
const configuration = { name: 'the configuration' } as never;
const tgz = Buffer.from('a tarball of some bytes');
const guard = {
  tarball:
    vi.fn<(bytes: Uint8Array, of: unknown, options?: TarballOptions) => Promise<PassedTarball>>(),
  unpackedBytes: vi.fn(() => 0),
};

let tarballs: Tarballs;
let fetches: Fetches;
let pool: Pool;
beforeEach(() => {
  live.core = yarnCore();
  pool = live.core.pools.own;
  fetches = new Fetches();
  tarballs = new Tarballs({ guards: { for: async () => guard } as never, fetches });
  interceptAll(interceptsOf({ tarballs } as never), { replaced: new WeakSet() });
});

/** Yarn's fetcher for a package, which does `act`. */
const fetch = (act: () => Promise<unknown>): Promise<unknown> =>
  new live.core.MultiFetcher().fetch(locator, { act, project: { configuration } } as never);

describe('an archive that the lockfile demands', () => {
  const demanded = 'f'.repeat(128);
  const extractBufferOpts = { prefixPath: 'node_modules/@s/a', stripComponents: 1 };
  const message = { tgz, tmpFile: '/tmp/a.zip', compressionLevel: 0, extractBufferOpts };
  const archive = { sha512: demanded };
  const wanted = { file: '/tmp/a.zip', demanded, ...extractBufferOpts };
  const convert = (data: object, expected?: { demanded: string; known?: string }) =>
    fetch(() =>
      fetches.during(locator as never, configuration, async () => pool.run(data), expected),
    );
  beforeEach(() => {
    guard.tarball.mockReset();
    guard.tarball.mockImplementation(async (_bytes, _subject, { conversion: one } = {}) => ({
      sha512: 'hash of it',
      tar: undefined,
      ...(one && { archive }),
    }));
  });

  test('is made by the guard, and not by Yarn', async () => {
    expect(await convert(message, { demanded, known: demanded })).toBe('/tmp/a.zip');
    expect(pool.ran).toEqual([]);
    expect(guard.tarball.mock.calls).toEqual([
      [tgz, subject, { keep: false, known: demanded, conversion: wanted }],
    ]);
    const seen = await tarballs.behind('/tmp/a.zip', guard as never, subject as never);
    expect(seen).toEqual({ sha512: 'hash of it', archive });
  });

  test('is made by Yarn where the guard made none', async () => {
    guard.tarball.mockResolvedValue({ sha512: 'hash of it', tar: undefined });
    await convert(message, { demanded });
    expect(pool.ran).toEqual([message]);
  });

  test('is not made of a tarball that is refused', async () => {
    guard.tarball.mockRejectedValue(new Error('rejected'));
    await expect(convert(message, { demanded })).rejects.toThrow('rejected');
    expect(pool.ran).toEqual([]);
  });

  test.each<[string, object]>([
    ['compressed', { compressionLevel: 1 }],
    ['mixed', { compressionLevel: 'mixed' }],
    ['of no known level', { compressionLevel: undefined }],
    ['without a folder', { extractBufferOpts: undefined }],
    ['in another folder', { extractBufferOpts: { ...extractBufferOpts, prefixPath: '../a' } }],
    [
      'in a deeper one',
      { extractBufferOpts: { ...extractBufferOpts, prefixPath: 'node_modules/a/b' } },
    ],
    ['stripped otherwise', { extractBufferOpts: { ...extractBufferOpts, stripComponents: 0 } }],
  ])('is made by Yarn where it is %s', async (_, more) => {
    await convert({ ...message, ...more }, { demanded });
    expect(pool.ran).toEqual([{ ...message, ...more }]);
    expect(guard.tarball.mock.calls[0]?.[2]?.conversion).toBeUndefined();
  });

  test('is made by Yarn where the lockfile has no SHA-512', async () => {
    await convert(message);
    expect(pool.ran).toEqual([message]);
  });
});
