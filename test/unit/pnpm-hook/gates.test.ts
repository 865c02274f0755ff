/** The points at which an install by pnpm stops, and what is asked at each of them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test, vi, type MockInstance } from 'vitest';
import { Gates } from '../../../packages/pnpm-hook/src/gates/gates.ts';
import { HookError } from '../../../packages/pnpm-hook/src/messages.ts';
import type {
  PnpmLockfile,
  PnpmManifest,
  ResolutionContext,
} from '../../../packages/pnpm-hook/src/pnpm-shapes.ts';
import type { Hook } from '../../../packages/pnpm-hook/src/hook.ts';
import { freshFolder } from '../../support/fresh-folder.ts';
import { testHook } from '../../support/pnpm-hook.ts';

const fakes = vi.hoisted(() => ({ inWorker: false }));
vi.mock('../../../packages/pnpm-hook/src/engine.ts', () => ({
  get inWorker() {
    return fakes.inWorker;
  },
}));

const SHA512 = `sha512-${Buffer.alloc(64).toString('base64')}`;
const elsewhere = { os: ['no-such-system'] };

type Asked = { readonly id: string };
let root: string;
let gates: Gates;
let hook: Hook;
let add: MockInstance<Hook['refusals']['add']>;
const inspectAll = vi.fn<(sources: readonly Asked[]) => Promise<void>>();
const inspectSoon = vi.fn<(source: Asked) => Promise<void>>();
const theGuard = vi.fn();
const adoptRegistries = vi.fn();
const remembered = vi.fn<(source: Asked) => { status: string } | undefined>();
freshFolder((made) => {
  root = made;
  fakes.inWorker = false;
  inspectAll.mockReset().mockResolvedValue();
  inspectSoon.mockReset().mockResolvedValue();
  remembered.mockReset().mockReturnValue(undefined);
  const session = {
    settings: { registry: 'https://registry.example/', scopes: {} },
    everyPlatform: false,
    architectures: undefined,
  };
  adoptRegistries.mockReset().mockReturnValue(session);
  const guard = {
    askFor: async () => undefined,
    inspectAll,
    inspectSoon,
    remembered,
    allowMissing: () => undefined,
  };
  theGuard.mockReset().mockImplementation(async () => guard);
  hook = testHook({ guard: theGuard, adoptRegistries, session: () => session });
  add = vi.spyOn(hook.refusals, 'add');
  gates = new Gates(hook);
});

const lockfile: PnpmLockfile = {
  importers: {
    '.': {
      dependencies: { a: '1.0.0', unpinned: '1.0.0', wanted: '1.0.0' },
      optionalDependencies: { here: '1.0.0', elsewhere: '1.0.0' },
    },
  },
  packages: {
    'a@1.0.0': { resolution: { integrity: SHA512 } },
    'unpinned@1.0.0': { resolution: { tarball: 'https://host.example/x.tgz' } },
    'here@1.0.0': { resolution: { integrity: SHA512 }, optional: true },
    'elsewhere@1.0.0': { resolution: { integrity: SHA512 }, optional: true, ...elsewhere },
    'wanted@1.0.0': { resolution: { integrity: SHA512 }, ...elsewhere },
  },
};
const all = ['a@1.0.0', 'unpinned@1.0.0', 'here@1.0.0', 'wanted@1.0.0'];
const ids = (): string[][] => inspectAll.mock.calls.map(([sources]) => sources.map(({ id }) => id));

const context = (more: Partial<ResolutionContext> = {}): ResolutionContext => ({
  wantedLockfile: lockfile,
  existsCurrentLockfile: false,
  lockfileDir: root,
  storeDir: join(root, 'store'),
  ...more,
});

describe('before pnpm resolves', () => {
  test('all that the lockfile names is inspected, but what is optional and for another machine', async () => {
    const registries = { default: 'https://other.example/' };
    await gates.beforeResolution(context({ registries }));
    expect(ids()).toEqual([all]);
    expect(adoptRegistries).toHaveBeenCalledWith(registries);
    expect(theGuard.mock.calls).toEqual([[root], [root]]);
  });

  test('pnpm waits for that, and stops where something is rejected', async () => {
    inspectAll.mockRejectedValue(new Error('rejected'));
    await expect(gates.beforeResolution(context())).rejects.toThrow('rejected');
  });

  test('files are looked for beside the lockfile', async () => {
    const wantedLockfile = {
      packages: { 'a@file:a.tgz': { resolution: { tarball: 'file:a.tgz' } } },
    };
    await gates.beforeResolution(context({ wantedLockfile }));
    expect(inspectAll.mock.calls[0]?.[0]).toMatchObject([{ path: join(root, 'a.tgz') }]);
    inspectAll.mockClear();
    // What the first hook learned holds for one that is told no folder.
    await gates.beforeResolution({
      ...context({ wantedLockfile }),
      lockfileDir: undefined,
    } as never);
    expect(inspectAll.mock.calls[0]?.[0]).toMatchObject([{ path: join(root, 'a.tgz') }]);
  });

  test.each([{ wantedLockfile: undefined }, { storeDir: undefined }])(
    'a pnpm that does not show what it should is stopped: %o',
    async (missing) => {
      const shown = { ...context(), ...missing } as unknown as ResolutionContext;
      await expect(gates.beforeResolution(shown)).rejects.toMatchObject({
        reason: 'NOT_INSPECTED',
        message: 'tarwarden: pnpm showed no lockfile before resolving',
      });
      expect(add).toHaveBeenCalledTimes(1);
      expect(inspectAll).not.toHaveBeenCalled();
    },
  );

  test('what the lockfile says that cannot be inspected is refused for good', async () => {
    const wantedLockfile = { packages: { 'a@1.0.0': { resolution: { type: 'binary' } } } };
    const act = gates.beforeResolution(context({ wantedLockfile }));
    await expect(act).rejects.toMatchObject({ reason: 'NOT_INSPECTED' });
    expect(add).toHaveBeenCalledTimes(1);
    expect(inspectAll).not.toHaveBeenCalled();
  });

  test('a failure that pnpm swallowed is thrown again first, at each gate', async () => {
    const failure = hook.refusals.add(new HookError('REJECTED', 'failed before'));
    await expect(gates.beforeResolution(context())).rejects.toBe(failure);
    await expect(gates.afterResolution(lockfile)).rejects.toBe(failure);
    await expect(gates.beforeUse({})).rejects.toBe(failure);
    expect(theGuard).not.toHaveBeenCalled();
  });
});

describe('what is left to the fetchers', () => {
  const notPublished = ['unpinned@1.0.0', 'here@1.0.0'];
  beforeEach(() => {
    fakes.inWorker = true;
  });

  test('is what a registry pins, on pnpm 12 with nothing installed or stored', async () => {
    await gates.beforeResolution(context());
    expect(ids()).toEqual([notPublished]);
  });

  test('is nothing where the lockfile calls optional what is not: pnpm would forgive it', async () => {
    const packages = { ...lockfile.packages };
    packages['a@1.0.0'] = { ...packages['a@1.0.0'], optional: true };
    await gates.beforeResolution(context({ wantedLockfile: { ...lockfile, packages } }));
    expect(ids()).toEqual([all]);
  });

  test('is not what is known to be rejected', async () => {
    remembered.mockImplementation(({ id }) => ({
      status: id === 'wanted@1.0.0' ? 'reject' : 'accept',
    }));
    await gates.beforeResolution(context());
    expect(ids()).toEqual([[...notPublished, 'wanted@1.0.0']]);
  });

  test.each<[string, Partial<ResolutionContext>]>([
    ['something is installed', { existsCurrentLockfile: true }],
    ['pnpm does not say', { existsCurrentLockfile: undefined as never }],
  ])('is nothing where %s', async (_title, more) => {
    await gates.beforeResolution(context(more));
    expect(ids()).toEqual([all]);
  });

  test('is nothing where the store holds anything', async () => {
    mkdirSync(join(root, 'store'));
    writeFileSync(join(root, 'store/index.db'), '');
    await gates.beforeResolution(context());
    mkdirSync(join(root, 'store/files'));
    await gates.beforeResolution(context());
    expect(ids()).toEqual([notPublished, all]);
  });

  test('is nothing once pnpm has resolved', async () => {
    await gates.beforeResolution(context());
    await gates.afterResolution(lockfile);
    expect(ids()).toEqual([notPublished, all]);
  });
});

describe('before pnpm 12 uses a package', () => {
  const manifest = (name: string, more: Partial<PnpmManifest> = {}): PnpmManifest => ({
    name,
    version: '1.0.0',
    dist: { tarball: `https://registry.example/${name}.tgz`, integrity: SHA512 },
    ...more,
  });
  const soon = (): string[] => inspectSoon.mock.calls.map(([{ id }]) => id);

  test('it is inspected', async () => {
    await gates.beforeUse(manifest('a'));
    expect(inspectSoon.mock.calls).toMatchObject([
      [
        {
          kind: 'download',
          id: 'a@1.0.0',
          url: 'https://registry.example/a.tgz',
          integrity: SHA512,
          expected: { name: 'a', version: '1.0.0' },
        },
      ],
    ]);
  });

  test('pnpm waits for that, and stops where it is rejected', async () => {
    inspectSoon.mockRejectedValue(new Error('no'));
    await expect(gates.beforeUse(manifest('a'))).rejects.toThrow('no');
  });

  test.each<[string, PnpmManifest]>([
    ['no name', { version: '1.0.0', dist: { tarball: 'https://x/' } }],
    ['no version', { name: 'a', dist: { tarball: 'https://x/' } }],
    ['no tarball', { name: 'a', version: '1.0.0', dist: {} }],
    ['nothing of a registry, as the project itself', { name: 'a', version: '1.0.0' }],
  ])('one with %s is none', async (_title, one) => {
    await gates.beforeUse(one);
    expect(soon()).toEqual([]);
  });

  test.each([
    [{ shasum: '00'.repeat(19) + 'fF' }, `sha1-${'A'.repeat(25)}P8=`],
    [{ shasum: '00'.repeat(20) + '0' }, undefined],
    [{ shasum: `x${'00'.repeat(20)}` }, undefined],
    [{ shasum: 'not hex' }, undefined],
    [{}, undefined],
    [{ integrity: SHA512, shasum: '00'.repeat(20) }, SHA512],
  ])('%o is the integrity %s', async (dist, integrity) => {
    await gates.beforeUse(manifest('a', { dist: { tarball: 'https://x/', ...dist } }));
    const [source] = inspectSoon.mock.calls[0] ?? [];
    if (integrity === undefined) expect(source).not.toHaveProperty('integrity');
    else expect(source).toHaveProperty('integrity', integrity);
  });

  test('one that is only optional, and for another machine, waits until somebody wants it', async () => {
    await gates.beforeResolution(context({ wantedLockfile: {} }));
    await gates.beforeUse({ optionalDependencies: { a: '1', b: '1' } });
    await gates.beforeUse(manifest('a', elsewhere));
    await gates.beforeUse(manifest('b'));
    expect(soon()).toEqual(['b@1.0.0']);
    await gates.beforeUse({ dependencies: { a: '1' } });
    expect(soon()).toEqual(['b@1.0.0', 'a@1.0.0']);
    await gates.beforeUse(manifest('a', elsewhere));
    expect(soon()).toEqual(['b@1.0.0', 'a@1.0.0', 'a@1.0.0']);
  });

  test('one that is wanted is inspected, whatever machine it is for', async () => {
    await gates.beforeUse(manifest('a', elsewhere));
    expect(soon()).toEqual(['a@1.0.0']);
  });

  test('with nothing installed or stored, what the registry pins is left to the fetcher', async () => {
    fakes.inWorker = true;
    await gates.beforeResolution(context({ wantedLockfile: {} }));
    await gates.beforeUse(manifest('a'));
    await gates.beforeUse(manifest('b', { dist: { tarball: 'https://x/' } }));
    await gates.beforeUse({ optionalDependencies: { c: '1' }, dependencies: { d: '1' } });
    for (const name of ['c', 'd']) await gates.beforeUse(manifest(name));
    // What may be optional is not: pnpm swallows the failure of its fetcher.
    expect(soon()).toEqual(['b@1.0.0', 'c@1.0.0']);
  });
});
