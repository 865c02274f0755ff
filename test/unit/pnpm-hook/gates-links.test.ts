/** Links out of the project: which folders and files the gates have looked at. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Lockfile, ResolutionContext } from '../../../packages/pnpm-hook/src/pnpm-shapes.ts';

const fakes = vi.hoisted(() => ({
  inWorker: false,
  link: undefined as object | undefined,
  modulesDir: undefined as string | undefined,
  projectLink: vi.fn(),
  fail: vi.fn((error: unknown) => error),
}));
vi.mock('@tarwarden/host', async (original) => ({
  ...(await original<typeof import('@tarwarden/host')>()),
  projectLink: fakes.projectLink,
}));
vi.mock('../../../packages/pnpm-hook/src/guard.ts', () => ({
  theGuard: async () => ({ judgeAll: async () => undefined, remembered: () => undefined }),
}));
vi.mock('../../../packages/pnpm-hook/src/failure.ts', () => ({
  rethrow: vi.fn(),
  fail: fakes.fail,
}));
vi.mock('../../../packages/pnpm-hook/src/store-origin.ts', () => ({
  refuseCommittedStore: vi.fn(),
}));
vi.mock('../../../packages/pnpm-hook/src/workspace-folders.ts', () => ({
  workspaceFolders: (root: string, patterns: readonly string[]) => [`${root}:${patterns.join()}`],
}));
vi.mock('../../../packages/pnpm-hook/src/engine.ts', () => ({
  get inWorker() {
    return fakes.inWorker;
  },
}));
vi.mock('../../../packages/pnpm-hook/src/session.ts', () => ({
  adoptRegistries: vi.fn(),
  session: () => ({
    settings: { registry: 'https://registry.example/', scopes: {} },
    everyPlatform: false,
    architectures: undefined,
    store: '/store',
    workspaces: ['packages/*'],
    modulesDir: fakes.modulesDir,
  }),
}));

let gates: typeof import('../../../packages/pnpm-hook/src/gates.ts');
beforeEach(async () => {
  vi.resetModules();
  Object.assign(fakes, { inWorker: false, link: undefined, modulesDir: undefined });
  fakes.fail.mockClear();
  fakes.projectLink.mockReset().mockImplementation(() => fakes.link);
  gates = await import('../../../packages/pnpm-hook/src/gates.ts');
});

const lockfile: Lockfile = { importers: { '.': {}, 'packages/a': {} }, packages: {} };
const context = (wantedLockfile: Lockfile): ResolutionContext => ({
  wantedLockfile,
  existsCurrentLockfile: true,
  lockfileDir: '/project',
  storeDir: '/store',
});
const asked = (): unknown[] => fakes.projectLink.mock.calls.map(([what]) => what as unknown);
const FILES = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml'];

describe('before pnpm resolves, and after', () => {
  test('the folders that the lockfile names are looked at, with their modules and files', async () => {
    await gates.beforeResolution(context(lockfile));
    await gates.afterResolution({ importers: { '.': {}, new: {} }, packages: {} });
    expect(asked()).toEqual([
      {
        root: '/project',
        folders: ['.', '.', 'packages/a'],
        modules: ['node_modules'],
        files: FILES,
      },
      { root: '/project', folders: ['.', '.', 'new'], modules: ['node_modules'], files: FILES },
    ]);
  });

  test('one that names none is no reason to look at nothing', async () => {
    await gates.beforeResolution(context({}));
    expect(asked()).toMatchObject([{ folders: ['.'] }]);
  });

  test('so is the folder that the settings have for modules', async () => {
    fakes.modulesDir = 'elsewhere';
    await gates.beforeResolution(context(lockfile));
    expect(asked()).toMatchObject([{ modules: ['node_modules', 'elsewhere'] }]);
  });

  test('pnpm 12 tells no projects before, so that those of the settings are taken', async () => {
    fakes.inWorker = true;
    await gates.beforeResolution(context(lockfile));
    expect(asked()).toMatchObject([{ folders: ['.', '.', 'packages/a', '/project:packages/*'] }]);
  });

  test('a link stops it, for good, and says what to do', async () => {
    fakes.link = { problem: 'node_modules leads out', remedy: 'remove it' };
    const refused = {
      code: 'ERR_PNPM_TARWARDEN_NOT_INSPECTED',
      message: expect.stringContaining(
        'nothing is installed: node_modules leads out. What to do: remove it',
      ),
    };
    await expect(gates.beforeResolution(context(lockfile))).rejects.toMatchObject(refused);
    await expect(gates.afterResolution(lockfile)).rejects.toMatchObject(refused);
    expect(fakes.fail).toHaveBeenCalledTimes(2);
  });
});
