/** What pnpm's own fetchers are given: the bytes that were inspected, or what is pinned to them. */
import { readFileSync, statSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Handoff } from '../../../packages/pnpm-hook/src/handoff/handoff.ts';
import {
  WaitingTarballs,
  type Waiting,
} from '../../../packages/pnpm-hook/src/handoff/private-files.ts';
import type { FetchOptions, PnpmResolution } from '../../../packages/pnpm-hook/src/pnpm-shapes.ts';
import { testHook } from '../../support/pnpm-hook.ts';

const fakes = vi.hoisted(() => ({ inWorker: false }));
vi.mock('../../../packages/pnpm-hook/src/engine.ts', () => ({
  get inWorker() {
    return fakes.inWorker;
  },
}));

const theGuard = vi.fn();
const guardSoFar = vi.fn();
const session = (): object => ({ settings: { registry: 'https://registry.example/', scopes: {} } });

const SHA512 = `sha512-${Buffer.alloc(64).toString('base64')}`;
const url = 'https://registry.example/a/-/a-1.0.0.tgz';
const source = {
  kind: 'download',
  id: 'a@1.0.0',
  url,
  integrity: SHA512,
  expected: { name: 'a', version: '1.0.0' },
};
const options: FetchOptions = {
  lockfileDir: '/project',
  pkg: { name: 'a', version: '1.0.0' },
  pkgResolutionId: 'a@1.0.0',
};
const cafs = { the: 'store' };
const bytes = Buffer.from('inspected bytes');

const waiting = new WaitingTarballs();

function guardOf() {
  return {
    inspect: vi.fn(async (_source: unknown) => ({ integrity: 'sha512-inspected' })),
    inspectBytes: vi.fn(
      async (_source: unknown): Promise<{ integrity: string; bytes?: Waiting }> => ({
        integrity: 'sha512-inspected',
        bytes: waiting.keep(Buffer.from(bytes)),
      }),
    ),
    askFor: vi.fn(async (_sources: unknown) => undefined),
    isPinned: vi.fn((_source: unknown) => false),
    expect: vi.fn((_source: unknown) => undefined),
    forget: vi.fn((_source: unknown) => undefined),
    flush: vi.fn(() => undefined),
  };
}

let handoff: Handoff;
let guard: ReturnType<typeof guardOf>;
let fetchers: {
  localTarball: ReturnType<typeof fetcher>;
  remoteTarball: ReturnType<typeof fetcher>;
  gitHostedTarball: ReturnType<typeof fetcher>;
  git: ReturnType<typeof fetcher>;
};
const fetcher = (name: string) =>
  vi.fn(
    async (_cafs: unknown, _resolution: PnpmResolution, _options: FetchOptions) =>
      ({
        by: name,
      }) as Record<string, unknown>,
  );

beforeEach(() => {
  guard = guardOf();
  fakes.inWorker = false;
  theGuard.mockReset().mockImplementation(async () => guard);
  guardSoFar.mockReset().mockImplementation(async () => guard);
  handoff = new Handoff(testHook({ guard: theGuard, guardSoFar, session }));
  fetchers = {
    localTarball: fetcher('localTarball'),
    remoteTarball: fetcher('remoteTarball'),
    gitHostedTarball: fetcher('gitHostedTarball'),
    git: fetcher('git'),
  };
});
afterEach(() => vi.restoreAllMocks());

const fetch = (resolution: PnpmResolution, of: FetchOptions = options) =>
  handoff.fetchInspected(cafs, resolution, { options: of, fetchers });

const calls = () =>
  Object.fromEntries(
    Object.entries(fetchers)
      .map(([name, one]) => [name, one.mock.calls] as const)
      .filter(([, all]) => all.length > 0),
  );

describe('fetchInspected', () => {
  test('gives pnpm a private file of the inspected bytes, pinned by their hash, and takes it away', async () => {
    let file = '';
    fetchers.localTarball.mockImplementation(async (_cafs, { tarball = '' }) => {
      file = tarball.replace(/^file:/, '');
      expect(readFileSync(file)).toEqual(bytes);
      expect(statSync(file).mode & 0o777).toBe(0o600);
      return { filesMap: 1, local: true };
    });
    expect(await fetch({ tarball: url, integrity: SHA512 })).toEqual({ filesMap: 1 });
    expect(calls()).toEqual({
      localTarball: [[cafs, { tarball: `file:${file}`, integrity: 'sha512-inspected' }, options]],
    });
    expect(guard.inspectBytes.mock.calls).toEqual([[source]]);
    expect(guard.forget.mock.calls).toEqual([[source]]);
    expect(() => statSync(file)).toThrow('ENOENT');
    expect(theGuard).toHaveBeenCalledWith('/project');
  });

  test('takes the file away and forgets the bytes where pnpm fails', async () => {
    let file = '';
    fetchers.localTarball.mockImplementation(async (_cafs, { tarball = '' }) => {
      file = tarball.replace(/^file:/, '');
      throw new Error('pnpm failed');
    });
    await expect(fetch({ tarball: url })).rejects.toThrow('pnpm failed');
    expect(() => statSync(file)).toThrow('ENOENT');
    expect(guard.forget).toHaveBeenCalledTimes(1);
  });

  test('gives pnpm nothing of what is rejected', async () => {
    guard.inspectBytes.mockRejectedValue(new Error('rejected'));
    guard.inspect.mockRejectedValue(new Error('rejected'));
    await expect(fetch({ tarball: url })).rejects.toThrow('rejected');
    await expect(fetch({ type: 'git', repo: 'r', commit: 'c' })).rejects.toThrow('rejected');
    await expect(fetch({ tarball: url, gitHosted: true })).rejects.toThrow('rejected');
    expect(calls()).toEqual({});
  });

  test('says of the user’s own tarball that it is local', async () => {
    fetchers.localTarball.mockResolvedValue({ local: true });
    expect(await fetch({ tarball: 'file:a.tgz' })).toEqual({ local: true });
    fetchers.localTarball.mockResolvedValue({ filesMap: 2 });
    expect(await fetch({ tarball: 'file:a.tgz' })).toEqual({ filesMap: 2 });
    expect(guard.inspectBytes).toHaveBeenCalledWith(
      expect.objectContaining({ kind: 'file', path: '/project/a.tgz' }),
    );
  });

  test('leaves to pnpm what was inspected before, at the place that was inspected', async () => {
    guard.isPinned.mockReturnValue(true);
    await fetch({ integrity: SHA512 });
    expect(calls()).toEqual({
      remoteTarball: [[cafs, { integrity: SHA512, tarball: url }, options]],
    });
    expect(guard.inspectBytes).not.toHaveBeenCalled();
  });

  test('never leaves a file to pnpm unread: it may have changed', async () => {
    guard.isPinned.mockReturnValue(true);
    await fetch({ tarball: 'file:a.tgz', integrity: SHA512 });
    expect(Object.keys(calls())).toEqual(['localTarball']);
  });

  test('inspects a commit, and lets pnpm clone it', async () => {
    const resolution = { type: 'git', repo: 'https://host.example/a', commit: 'c' };
    expect(await fetch(resolution)).toEqual({ by: 'git' });
    expect(calls()).toEqual({ git: [[cafs, resolution, options]] });
    expect(guard.inspect).toHaveBeenCalledWith(
      expect.objectContaining({ kind: 'git', repo: 'https://host.example/a', commit: 'c' }),
    );
  });

  test('pins what a git host packs to the bytes that were inspected', async () => {
    const resolution = { tarball: 'https://codeload.example/x.tgz', gitHosted: true };
    expect(await fetch(resolution)).toEqual({ by: 'gitHostedTarball' });
    expect(calls()).toEqual({
      gitHostedTarball: [[cafs, { ...resolution, integrity: 'sha512-inspected' }, options]],
    });
  });

  test('refuses an inspection without bytes', async () => {
    guard.inspectBytes.mockResolvedValue({ integrity: 'x' });
    await expect(fetch({ tarball: url })).rejects.toThrow(new TypeError('inspected without bytes'));
  });

  test.each([
    [false, [0, 0]],
    [true, [0, 1]],
  ])('writes verdicts down with the last answer, in the worker: %s', async (inWorker, flushed) => {
    fakes.inWorker = inWorker;
    let goOn: () => void = () => undefined;
    const wait = new Promise<void>((resolve) => (goOn = resolve));
    fetchers.localTarball.mockImplementationOnce(async () => {
      await wait;
      return {};
    });
    const slow = fetch({ tarball: url });
    await fetch({ tarball: url });
    expect(guard.flush).toHaveBeenCalledTimes(flushed[0]!);
    goOn();
    await slow;
    expect(guard.flush).toHaveBeenCalledTimes(flushed[1]!);
  });
});

describe('the identity that is expected', () => {
  const asked = async (of: FetchOptions, resolution: PnpmResolution = { tarball: url }) => {
    await fetch(resolution, of);
    const [one] = guard.inspectBytes.mock.calls.at(-1) as [{ id: string; expected?: object }];
    return [one.id, one.expected];
  };
  const registered = ['a@1.0.0', { name: 'a', version: '1.0.0' }];
  const pkg = { name: 'a', version: '1.0.0' };
  const scoped = { name: '@s/a', version: '1.0.0' };

  test.each<[string, FetchOptions, unknown]>([
    ['pnpm 11 says so', { pkg, pkgResolutionId: 'a@1.0.0' }, registered],
    ['pnpm 11 says another', { pkg, pkgResolutionId: url }, [url, undefined]],
    ['pnpm 12 says so', { pkg, filesIndexFile: 'x\ta@1.0.0' }, registered],
    ['pnpm 12 says another', { pkg, filesIndexFile: `x\t${url}` }, [url, undefined]],
    [
      'of two words, the id counts',
      { pkg, pkgResolutionId: url, filesIndexFile: 'x\ta@1.0.0' },
      [url, undefined],
    ],
    ['pnpm 10 says so', { pkg, filesIndexFile: '/s/00-a@1.0.0.json' }, registered],
    [
      'pnpm 10 without an integrity',
      { pkg, filesIndexFile: '/s/a@1.0.0/integrity.json' },
      registered,
    ],
    [
      'pnpm 10 of a scope',
      { pkg: scoped, filesIndexFile: '/s/00-@s+a@1.0.0.json' },
      ['@s/a@1.0.0', scoped],
    ],
    ['pnpm 10 says another', { pkg, filesIndexFile: '/s/00-b@1.0.0.json' }, [url, undefined]],
    [
      'of another name that ends alike',
      { pkg, filesIndexFile: '/s/xa@1.0.0.json' },
      [url, undefined],
    ],
    ['nobody says', { pkg }, [url, undefined]],
    ['no version', { pkg: { name: 'a' }, pkgResolutionId: 'a@undefined' }, [url, undefined]],
    [
      'no name',
      { pkg: { version: '1.0.0' }, pkgResolutionId: 'undefined@1.0.0' },
      [url, undefined],
    ],
    ['no package', {}, [url, undefined]],
  ])('%s', async (_title, of, expected) => {
    expect(await asked(of)).toEqual(expected);
  });

  test('of a repository is none', async () => {
    await fetch({ type: 'git', repo: 'r', commit: 'c' }, {});
    expect(guard.inspect).toHaveBeenCalledWith(expect.objectContaining({ id: 'r' }));
    await expect(fetch({ type: 'unheard-of' }, {})).rejects.toThrow('a package has a resolution');
  });

  test('places files beside the project where pnpm names no folder', async () => {
    await fetch({ tarball: 'file:a.tgz' }, {});
    expect(guard.inspectBytes).toHaveBeenCalledWith(
      expect.objectContaining({ path: `${process.cwd()}/a.tgz` }),
    );
    expect(theGuard).toHaveBeenCalledWith(undefined);
  });
});

describe('hasToInspect', () => {
  const resolution = { tarball: url, integrity: SHA512 };

  test('leaves to pnpm 12 what is pinned', async () => {
    guard.isPinned.mockReturnValue(true);
    expect(await handoff.hasToInspect('a@1.0.0', resolution)).toBe(false);
    expect(guard.isPinned).toHaveBeenCalledWith(source);
    expect(guard.expect).not.toHaveBeenCalled();
  });

  test('inspects ahead what is not', async () => {
    expect(await handoff.hasToInspect('a@1.0.0', resolution)).toBe(true);
    expect(guard.expect.mock.calls).toEqual([[source]]);
  });

  test.each<[string, string, PnpmResolution]>([
    ['what a git host packs', 'a@1.0.0', { ...resolution, gitHosted: true }],
    ['what has no integrity', 'a@1.0.0', { tarball: url }],
    ['what no registry vouches for', `a@${url}`, resolution],
    ['a folder', 'a@file:a', { type: 'directory', directory: 'a' }],
  ])('has to be asked for %s, which is not inspected ahead', async (_title, id, of) => {
    guard.isPinned.mockReturnValue(true);
    expect(await handoff.hasToInspect(id, of)).toBe(true);
    expect(guard.expect).not.toHaveBeenCalled();
  });

  test('has to be asked where no hook has made a guard', async () => {
    guardSoFar.mockReturnValue(undefined);
    expect(await handoff.hasToInspect('a@1.0.0', resolution)).toBe(true);
    expect(theGuard).not.toHaveBeenCalled();
  });
});
