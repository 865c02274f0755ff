/** Several projects at once, each with a lockfile of its own, as pnpm 10 and 11 install them. */
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { Gates } from '../../../packages/pnpm-hook/src/gates/gates.ts';
import type { PnpmLockfile } from '../../../packages/pnpm-hook/src/pnpm-shapes.ts';
import { freshFolder } from '../../support/fresh-folder.ts';
import { testHook } from '../../support/pnpm-hook.ts';

const projectLink = vi.hoisted(() => vi.fn());
vi.mock('@tarwarden/guard', async (original) => ({ ...(await original<object>()), projectLink }));
vi.mock('../../../packages/pnpm-hook/src/engine.ts', () => ({ inWorker: false }));

type Asked = { readonly path?: string; readonly url?: string };

let root: string;
let gates: Gates;
const inspectAll = vi.fn<(sources: readonly Asked[]) => Promise<void>>();
freshFolder((fresh) => {
  root = fresh;
  inspectAll.mockReset().mockResolvedValue();
  projectLink.mockReset();
  const session = (registry = 'https://registry.example/') => ({
    settings: { registry, scopes: {} },
    store: join(root, 'store'),
  });
  gates = new Gates(
    testHook({
      guard: async () => ({
        askFor: async () => undefined,
        inspectAll,
        remembered: () => undefined,
      }),
      session,
      adoptRegistries: (registries?: { default: string }) => session(registries?.default),
    }),
  );
});

/** What pnpm has before it resolves. */
const locked = (): PnpmLockfile => ({ importers: { '.': {} }, packages: {} });

const before = (project: string, wantedLockfile: PnpmLockfile, registry?: string): Promise<void> =>
  gates.beforeResolution({
    lockfileDir: join(root, project),
    storeDir: join(root, 'store'),
    wantedLockfile,
    ...(registry !== undefined && { registries: { default: registry } }),
  });

/** As pnpm makes it of the one from before: anew, but for the importers. */
const resolved = ({ importers = {} }: PnpmLockfile): PnpmLockfile => ({
  importers,
  packages: { 'dep@file:dep.tgz': { resolution: { tarball: 'file:dep.tgz' } } },
});
const paths = (): unknown[] => inspectAll.mock.calls.at(-1)?.[0].map(({ path }) => path) ?? [];

test('each resolved lockfile is of its own project, in whatever order they come', async () => {
  const [one, two, three] = [locked(), locked(), locked()];
  await before('one', one);
  await before('two', two);
  await gates.afterResolution(resolved(one));
  expect(paths()).toEqual([join(root, 'one/dep.tgz')]);
  await before('three', three);
  await gates.afterResolution(resolved(three));
  expect(paths()).toEqual([join(root, 'three/dep.tgz')]);
  // pnpm 10 calls it twice for each, where it has loaded the pnpmfiles anew.
  for (const time of [1, 2]) {
    await gates.afterResolution(resolved(two));
    expect([time, ...paths()]).toEqual([time, join(root, 'two/dep.tgz')]);
  }
  expect(projectLink.mock.calls.map(([, asked]) => (asked as { root: string }).root)).toEqual(
    ['one', 'two', 'one', 'three', 'three', 'two', 'two'].map((name) => join(root, name)),
  );
});

test('what comes from a registry is looked for at that of its project', async () => {
  const lockfile = locked();
  await before('one', lockfile, 'https://one.example/');
  await before('two', locked(), 'https://two.example/');
  const packages = { 'a@1.0.0': { resolution: { integrity: 'sha1-x' } } };
  await gates.afterResolution({ ...lockfile, packages });
  expect(inspectAll.mock.calls.at(-1)?.[0]).toMatchObject([
    { url: 'https://one.example/a/-/a-1.0.0.tgz' },
  ]);
});

test('a lockfile that another pnpmfile has made anew is of the last project', async () => {
  await before('one', locked());
  await before('two', locked());
  await gates.afterResolution(resolved(locked()));
  expect(paths()).toEqual([join(root, 'two/dep.tgz')]);
});

test('a lockfile without importers is none to go by', async () => {
  await before('one', {});
  await gates.afterResolution({ packages: resolved(locked()).packages ?? {} });
  expect(paths()).toEqual([join(root, 'one/dep.tgz')]);
});
