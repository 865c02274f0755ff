/** Links out of the project: which folders and files the gates have looked at. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { Gates } from '../../../packages/pnpm-hook/src/gates/gates.ts';
import type { Hook } from '../../../packages/pnpm-hook/src/hook.ts';
import type {
  PnpmLockfile,
  ResolutionContext,
} from '../../../packages/pnpm-hook/src/pnpm-shapes.ts';
import { testHook } from '../../support/pnpm-hook.ts';

const fakes = vi.hoisted(() => ({
  inWorker: false,
  link: undefined as object | undefined,
  projectLink: vi.fn(),
}));
vi.mock('@tarwarden/guard', async (original) => ({
  ...(await original<typeof import('@tarwarden/guard')>()),
  projectLink: fakes.projectLink,
}));
vi.mock('@tarwarden/guard/workspace-members', () => ({
  workspaceFolders: (root: string, patterns: readonly string[]) => [`${root}:${patterns.join()}`],
}));
vi.mock('../../../packages/pnpm-hook/src/engine.ts', () => ({
  get inWorker() {
    return fakes.inWorker;
  },
}));
const session = {
  settings: { registry: 'https://registry.example/', scopes: {} },
  everyPlatform: false,
  architectures: undefined,
  workspaces: ['packages/*'],
};
let hook: Hook;
const gatesOf = (): Gates => {
  hook = testHook({
    guard: async () => ({
      askFor: async () => undefined,
      inspectAll: async () => undefined,
      remembered: () => undefined,
    }),
    session: () => session,
    adoptRegistries: () => session,
  });
  return new Gates(hook);
};

let gates: Gates;
beforeEach(() => {
  Object.assign(fakes, { inWorker: false, link: undefined });
  fakes.projectLink.mockReset().mockImplementation(() => fakes.link);
  gates = gatesOf();
});

const lockfile: PnpmLockfile = { importers: { '.': {}, 'packages/a': {} }, packages: {} };
const context = (wantedLockfile: PnpmLockfile): ResolutionContext => ({
  wantedLockfile,
  existsCurrentLockfile: true,
  lockfileDir: '/project',
  storeDir: '/store',
});
const asked = (): unknown[] => fakes.projectLink.mock.calls;

describe('before pnpm resolves, and after', () => {
  test('the folders that the lockfile names are looked at', async () => {
    await gates.beforeResolution(context(lockfile));
    await gates.afterResolution({ importers: { '.': {}, new: {} }, packages: {} });
    expect(asked()).toEqual([
      ['pnpm', { root: '/project', folders: ['.', 'packages/a'] }],
      ['pnpm', { root: '/project', folders: ['.', 'new'] }],
    ]);
  });

  test('one that names none is no reason to look at nothing', async () => {
    await gates.beforeResolution(context({}));
    expect(asked()).toEqual([['pnpm', { root: '/project', folders: [] }]]);
  });

  test('pnpm 12 tells no projects before, so that those of the settings are taken', async () => {
    fakes.inWorker = true;
    await gates.beforeResolution(context(lockfile));
    const folders = ['.', 'packages/a', '/project:packages/*'];
    expect(asked()).toEqual([['pnpm', { root: '/project', folders }]]);
  });

  test('a path may start where the lockfile is, or in a project of the settings', async () => {
    expect(gates.folders()[0]).toBe(process.cwd());
    await gates.beforeResolution(context(lockfile));
    expect(gates.folders()).toEqual(['/project', '/project:packages/*']);
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
    expect(hook.refusals.all).toHaveLength(1);
    await expect(gatesOf().afterResolution(lockfile)).rejects.toMatchObject(refused);
    expect(hook.refusals.all).toHaveLength(1);
  });
});
