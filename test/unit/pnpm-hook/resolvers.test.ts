/** What pnpm 12 would resolve without asking a fetcher is inspected here. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Hook } from '../../../packages/pnpm-hook/src/hook.ts';
import { HookError, type HookErrorCode } from '../../../packages/pnpm-hook/src/messages.ts';
import * as resolvers from '../../../packages/pnpm-hook/src/gates/resolvers.ts';
import { testHook } from '../../support/pnpm-hook.ts';

const fakes = { inspectSoon: vi.fn(), commitOf: vi.fn() };
let hook: Hook;
let folders: string[];

beforeEach(() => {
  folders = [];
  hook = testHook({
    guard: async () => ({ inspectSoon: fakes.inspectSoon }),
    inspection: async () => ({ commitOf: fakes.commitOf }),
    gates: async () => ({ folders: () => folders }),
  });
  fakes.inspectSoon.mockReset().mockResolvedValue({ integrity: 'sha512-inspected' });
  fakes.commitOf.mockReset().mockResolvedValue('0123');
});
const claims = (bareSpecifier?: string): Promise<boolean> =>
  resolvers.claims(bareSpecifier === undefined ? {} : { bareSpecifier }, hook);
const error = (reason: HookErrorCode) => new HookError(reason, reason);

describe('an http tarball', () => {
  test.each([
    'https://host.example/a.tgz',
    'http://host.example/a.tar.gz',
    'HTTPS://host.example/a.TGZ?x=.git&y',
    'https://host.example/a.GIT?x=y.tgz',
    'https://host.example/a.git?x',
    'https://host.example/a.tar',
    'https://host.example/anything',
    'https://github.com/a/b/archive/x.tgz',
    'https://user@gitlab.com/a/b.tar.gz',
    'https://notgithub.com/a/b',
    'https://host.example/github.com/a/b',
    'https://githubxcom/a/b',
    'https://host.example/https://github.com/a/b',
    'https://host.example/.github/a',
  ])('is claimed, %s, and inspected once it is resolved', async (specifier) => {
    expect(await claims(specifier)).toBe(true);
    expect(fakes.inspectSoon).not.toHaveBeenCalled();
    expect(await resolvers.resolveTarball({ bareSpecifier: specifier }, hook)).toEqual({
      id: specifier,
      resolution: { tarball: specifier, integrity: 'sha512-inspected' },
    });
    expect(fakes.inspectSoon.mock.calls).toEqual([
      [{ kind: 'download', id: specifier, url: specifier }],
    ]);
  });

  test('that is rejected is not resolved', async () => {
    fakes.inspectSoon.mockRejectedValue(new Error('rejected'));
    await expect(
      resolvers.resolveTarball({ bareSpecifier: 'https://x/a.tgz' }, hook),
    ).rejects.toThrow('rejected');
    await expect(resolvers.resolveTarball({}, hook)).rejects.toThrow('rejected');
    expect(fakes.inspectSoon).toHaveBeenLastCalledWith({ kind: 'download', id: '', url: '' });
  });

  test.each([
    undefined,
    '^1.0.0',
    'npm:a@1',
    'workspace:*',
    'https://github.com/a/b',
    'http://github.com/a/b',
    'https://www.github.com/a/b#c.tgz',
    'https://user:token@github.com/a/b',
    'https://gitlab.com/a/b',
    'https://bitbucket.org/a/b',
    'link:./a.tgz',
    './folder',
    'file:./a.tgz.d',
    'xhttps://host.example/a.tgz',
    'xgit+ssh://host.example/a',
  ])('is not %s, which pnpm resolves', async (specifier) => {
    expect(await claims(specifier)).toBe(false);
    expect(fakes.inspectSoon).not.toHaveBeenCalled();
  });
});

describe('a tarball of the user', () => {
  test.each([
    ['file:lib/a.tgz', `${process.cwd()}/lib/a.tgz`],
    ['./a.tar.gz', `${process.cwd()}/a.tar.gz`],
    ['/abs/a.TAR', '/abs/a.TAR'],
  ])('%s is inspected, and left to pnpm', async (specifier, path) => {
    expect(await claims(specifier)).toBe(false);
    expect(fakes.inspectSoon.mock.calls).toEqual([[{ kind: 'file', id: specifier, path }]]);
  });

  test('is each that the projects of the workspace may mean, and none that is not there', async () => {
    const root = realpathSync(mkdtempSync(join(tmpdir(), 'tarwarden-resolvers-')));
    folders = ['', 'one', 'two', 'three'].map((name) => join(root, name));
    for (const folder of folders) mkdirSync(folder, { recursive: true });
    for (const name of ['one', 'three']) writeFileSync(join(root, name, 'a.tgz'), '');
    const inspected = (): unknown[] =>
      fakes.inspectSoon.mock.calls.map(([one]) => (one as { path: string }).path);
    expect(await claims('file:a.tgz')).toBe(false);
    expect(inspected()).toEqual(['one', 'three'].map((name) => join(root, name, 'a.tgz')));
    // Of two projects one and the same.
    fakes.inspectSoon.mockClear();
    await claims('file:../three/a.tgz');
    expect(inspected()).toEqual([join(root, 'three/a.tgz')]);
    fakes.inspectSoon.mockReset().mockImplementation(async ({ path }: { path: string }) => {
      if (path.includes('three')) throw new Error('rejected');
    });
    await expect(claims('file:a.tgz')).rejects.toThrow('rejected');
    rmSync(root, { recursive: true });
  });

  test('that is rejected fails', async () => {
    fakes.inspectSoon.mockRejectedValue(new Error('rejected'));
    await expect(claims('./a.tgz')).rejects.toThrow('rejected');
  });
});

describe('a repository', () => {
  test.each<[string, string, string]>([
    ['git+https://host.example/a.git', 'https://host.example/a.git', 'HEAD'],
    ['git+ssh://git@host.example/a.git#v1', 'ssh://git@host.example/a.git', 'v1'],
    ['git://host.example/a.git#', 'git://host.example/a.git', 'HEAD'],
    // pnpm takes the last of several.
    ['ssh://git@host.example/a#b&c', 'ssh://git@host.example/a', 'c'],
    ['git+file:///a#path:/x&v1', 'file:///a', 'v1'],
    ['git+file:///a#path:/x', 'file:///a', 'HEAD'],
    ['git+file:///a#feature%2Fx', 'file:///a', 'feature/x'],
    ['git+file:///a#100%', 'file:///a', '100%'],
    ['https://host.example/a.git#main', 'https://host.example/a.git', 'main'],
    ['HTTPS://host.example/a.git', 'HTTPS://host.example/a.git', 'HEAD'],
    ['ssh://git@host.example/git+a#v1', 'ssh://git@host.example/git+a', 'v1'],
    ['GIT+file:///a#&path:x', 'file:///a', 'HEAD'],
  ])('%s is inspected by its commit, and left to pnpm', async (specifier, repo, ref) => {
    expect(await claims(specifier)).toBe(false);
    expect(fakes.commitOf.mock.calls).toEqual([[repo, ref, 25_000]]);
    expect(fakes.inspectSoon.mock.calls).toEqual([
      [expect.objectContaining({ kind: 'git', id: specifier, repo, commit: '0123' })],
    ]);
  });

  test('is inspected as the folder that is asked for', async () => {
    await claims('git+https://host.example/a.git#main&x&path:/sub/b');
    await claims('git+https://host.example/a.git#main&xpath:/sub/b');
    expect(
      fakes.inspectSoon.mock.calls.map(([one]) => (one as { folder?: string }).folder),
    ).toEqual(['/sub/b', undefined]);
    expect(fakes.inspectSoon.mock.calls[1]?.[0]).not.toHaveProperty('folder');
  });

  test('whose range only pnpm can resolve is left to the fetcher', async () => {
    fakes.commitOf.mockResolvedValue(undefined);
    expect(await claims('git+https://host.example/a.git#semver:^1')).toBe(false);
    expect(fakes.inspectSoon).not.toHaveBeenCalled();
  });
});

describe('after a failure that pnpm swallowed', () => {
  test('every question fails with the first one', async () => {
    const first = hook.refusals.add(error('REJECTED'));
    hook.refusals.add(error('NOT_INSPECTED'));
    for (const specifier of ['https://host.example/a.tgz', '^1.0.0', undefined])
      await expect(claims(specifier)).rejects.toBe(first);
  });
});
