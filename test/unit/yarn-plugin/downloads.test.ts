/** The bound of what Yarn downloads for a package, and the refusal of what is longer. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { BytesMaxOf } from '../../../packages/host/src/fetch/body-limit.ts';
import {
  isTooLarge,
  TOO_LARGE_REMEDY,
  TooLargeError,
} from '../../../packages/host/src/fetch/too-large.ts';

const fakes = vi.hoisted(() => ({
  guardFor: vi.fn(),
  loadCore: vi.fn(),
  currentFetch: vi.fn(),
  keepRefusal: vi.fn(),
  limitBodies: vi.fn(),
  refuse: vi.fn((text: string) => new Error(text)),
}));
vi.mock('../../../packages/yarn-plugin/src/guard.ts', () => ({
  guardFor: fakes.guardFor,
  loadCore: fakes.loadCore,
}));
vi.mock('../../../packages/yarn-plugin/src/refuse.ts', () => ({
  refuse: fakes.refuse,
}));
vi.mock('../../../packages/yarn-plugin/src/subject.ts', () => ({
  subjectOf: () => ({ label: 'a@1.0.0' }),
}));
vi.mock('../../../packages/yarn-plugin/src/tarballs.ts', () => ({
  currentFetch: fakes.currentFetch,
  keepRefusal: fakes.keepRefusal,
}));

type Downloads = typeof import('../../../packages/yarn-plugin/src/downloads.ts');
type Wrapped = () => Promise<unknown>;

const ARCHIVE = 'https://github.com/owner/project/archive/main.tar.gz';
const current = (reference: string) => ({ locator: { reference } });
const error = TooLargeError.read(10);

let wrap: (executor: Wrapped, request: object) => Promise<Wrapped>;
let bytesMax: BytesMaxOf;
beforeEach(async () => {
  vi.resetModules();
  const { limitBodies, keepRefusal, currentFetch, guardFor } = fakes;
  for (const fake of [limitBodies, keepRefusal, currentFetch, guardFor]) fake.mockReset();
  fakes.guardFor.mockImplementation(async (of: number) => ({
    policy: { limits: { unpackedBytes: of } },
  }));
  fakes.loadCore.mockImplementation(async () => ({
    isTooLarge,
    TOO_LARGE_REMEDY,
    limitBodies: fakes.limitBodies.mockImplementation((of: BytesMaxOf) => (bytesMax = of)),
    notInspected: ({ label }: { label: string }, why: string, { remedy }: { remedy: string }) =>
      [label, why, remedy].join(' | '),
    tarballBytesMax: (limits: { unpackedBytes: number }) => limits.unpackedBytes,
  }));
  const downloads: Downloads = await import('../../../packages/yarn-plugin/src/downloads.ts');
  wrap = downloads.wrapNetworkRequest as never;
});

/** Downloads under a configuration whose policy has this limit. */
async function download(act: Wrapped, target = 'https://secret@host/a.tgz', most = 10) {
  const run = await wrap(act, { target, method: 'GET', configuration: most });
  return run();
}

const boundNow = (): number | undefined => bytesMax({} as never);

describe('what is downloaded', () => {
  test('for a package is bounded while it is, and never twice', async () => {
    fakes.currentFetch.mockReturnValue(current('npm:1.0.0'));
    await download(async () => {
      expect(boundNow()).toBe(10);
      // Nothing says to which of them an answer belongs.
      await download(async () => expect(boundNow()).toBe(20), undefined, 20);
      expect(boundNow()).toBe(10);
    });
    expect(boundNow()).toBeUndefined();
    expect(fakes.limitBodies).toHaveBeenCalledTimes(1);
  });

  test('for nothing that is fetched is not looked at', async () => {
    expect(await download(async () => 'metadata')).toBe('metadata');
    expect(fakes.limitBodies).not.toHaveBeenCalled();
    expect(fakes.guardFor).not.toHaveBeenCalled();
  });

  test('and is too long is refused, whoever asks again', async () => {
    const fetching = current('npm:1.0.0');
    fakes.currentFetch.mockReturnValue(fetching);
    const refused = download(async () => {
      throw error;
    });
    await expect(refused).rejects.toThrow(
      `a@1.0.0 | ${error.message} (https://secret@host/a.tgz) | ${TOO_LARGE_REMEDY}`,
    );
    const refusal: unknown = await refused.catch((reason: unknown) => reason);
    expect(fakes.keepRefusal.mock.calls).toEqual([[fetching, refusal]]);
    expect(boundNow()).toBeUndefined();
  });

  test('and fails for another reason fails for that', async () => {
    fakes.currentFetch.mockReturnValue(current('npm:1.0.0'));
    const reset = new Error('reset');
    await expect(download(() => Promise.reject(reset))).rejects.toBe(reset);
    expect(fakes.keepRefusal).not.toHaveBeenCalled();
  });

  test('is not refused where Yarn only tries it, before it clones', async () => {
    fakes.currentFetch.mockReturnValue(current('https://github.com/owner/project.git#commit=1'));
    const tried = download(() => Promise.reject(error), ARCHIVE);
    await expect(tried).rejects.toBe(error);
    expect(fakes.keepRefusal).not.toHaveBeenCalled();
  });

  test('is refused where the archive itself is the package', async () => {
    fakes.currentFetch.mockReturnValue(current(ARCHIVE));
    const tried = download(() => Promise.reject(error), ARCHIVE);
    await expect(tried).rejects.toThrow('a@1.0.0 | more than 10 bytes');
  });
});
