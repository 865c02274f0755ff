/** The bound of what Yarn downloads for a package, and the refusal of what is longer. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { Downloads } from '../../../packages/yarn-plugin/src/downloads.ts';
import type { Fetching } from '../../../packages/yarn-plugin/src/fetches.ts';
import type { BytesMaxOf } from '../../../packages/guard/src/fetch/body-limit.ts';
import {
  isTooLarge,
  TOO_LARGE_REMEDY,
  TooLargeError,
} from '../../../packages/guard/src/fetch/too-large.ts';

vi.mock('../../../packages/yarn-plugin/src/subject.ts', () => ({
  yarnSubject: () => ({ label: 'a@1.0.0' }),
}));

type Wrapped = () => Promise<unknown>;

const ARCHIVE = 'https://github.com/owner/project/archive/main.tar.gz';
const fetching = (reference: string) => ({ locator: { reference } }) as Fetching;
const error = TooLargeError.read(10);

let bytesMax: BytesMaxOf;
const limitBodies = vi.fn((of: BytesMaxOf) => void (bytesMax = of));
const guardFor = vi.fn(async (of: number) => ({ policy: { limits: { unpackedBytes: of } } }));
const guards = {
  for: guardFor,
  core: async () => ({
    isTooLarge,
    TOO_LARGE_REMEDY,
    limitBodies,
    tarballBytesMax: (limits: { unpackedBytes: number }) => limits.unpackedBytes,
  }),
  notInspected: async ({ label }: { label: string }, ...words: readonly string[]) =>
    new Error([label, ...words].join(' | ')),
};
let fetches: { current: Fetching | undefined };
let wrap: (executor: Wrapped, request: object) => Promise<Wrapped>;
beforeEach(() => {
  limitBodies.mockClear();
  guardFor.mockClear();
  fetches = { current: undefined };
  wrap = new Downloads({ guards, fetches } as never).wrap as never;
});

/** Downloads under a configuration whose policy has this limit. */
async function download(act: Wrapped, target = 'https://secret@host/a.tgz', most = 10) {
  const run = await wrap(act, { target, method: 'GET', configuration: most });
  return run();
}

const boundNow = (): number | undefined => bytesMax({} as never);

describe('what is downloaded', () => {
  test('for a package is bounded while it is, and never twice', async () => {
    fetches.current = fetching('npm:1.0.0');
    await download(async () => {
      expect(boundNow()).toBe(10);
      // Nothing says to which of them an answer belongs.
      await download(async () => expect(boundNow()).toBe(20), undefined, 20);
      expect(boundNow()).toBe(10);
    });
    expect(boundNow()).toBeUndefined();
    expect(limitBodies).toHaveBeenCalledTimes(1);
  });

  test('for nothing that is fetched is not looked at', async () => {
    expect(await download(async () => 'metadata')).toBe('metadata');
    expect(limitBodies).not.toHaveBeenCalled();
    expect(guardFor).not.toHaveBeenCalled();
  });

  test('and is too long is refused, whoever asks again', async () => {
    const current = (fetches.current = fetching('npm:1.0.0'));
    const refused = download(async () => {
      throw error;
    });
    await expect(refused).rejects.toThrow(
      `a@1.0.0 | ${error.message} (https://secret@host/a.tgz) | ${TOO_LARGE_REMEDY}`,
    );
    const refusal: unknown = await refused.catch((reason: unknown) => reason);
    expect(current.refusal).toBe(refusal);
    expect(boundNow()).toBeUndefined();
  });

  test('and fails for another reason fails for that', async () => {
    fetches.current = fetching('npm:1.0.0');
    const reset = new Error('reset');
    await expect(download(() => Promise.reject(reset))).rejects.toBe(reset);
    expect(fetches.current.refusal).toBeUndefined();
  });

  test('is not refused where Yarn only tries it, before it clones', async () => {
    fetches.current = fetching('https://github.com/owner/project.git#commit=1');
    const tried = download(() => Promise.reject(error), ARCHIVE);
    await expect(tried).rejects.toBe(error);
    expect(fetches.current.refusal).toBeUndefined();
  });

  test('is refused where the archive itself is the package', async () => {
    fetches.current = fetching(ARCHIVE);
    const tried = download(() => Promise.reject(error), ARCHIVE);
    await expect(tried).rejects.toThrow('a@1.0.0 | more than 10 bytes');
  });
});
