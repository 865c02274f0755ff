/** Which optional packages the guard does not inspect, since pnpm leaves them out. */
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { Gates } from '../../../packages/pnpm-hook/src/gates/gates.ts';
import { freshFolder } from '../../support/fresh-folder.ts';
import { testHook } from '../../support/pnpm-hook.ts';

type Asked = { readonly id: string };
const SHA512 = `sha512-${Buffer.alloc(64).toString('base64')}`;
const elsewhere = { os: ['no-such-system'] };
const inspectAll = vi.fn<(sources: readonly Asked[]) => Promise<void>>();
const inspectSoon = vi.fn<(source: Asked) => Promise<void>>();
const remembered = vi.fn<() => { status: string } | undefined>();

let root: string;
let store: string;
let gates: Gates;
freshFolder((made) => {
  root = made;
  store = join(root, 'store');
  inspectAll.mockReset().mockResolvedValue();
  inspectSoon.mockReset().mockResolvedValue();
  remembered.mockReset().mockReturnValue(undefined);
  const session = { settings: { registry: 'https://registry.example/', scopes: {} } };
  const guard = { askFor: async () => undefined, inspectAll, inspectSoon, remembered };
  gates = new Gates(
    testHook({
      guard: async () => guard,
      session: () => session,
      adoptRegistries: () => session,
    }),
  );
});

/** What is inspected of a lockfile with one optional package. */
async function inspected(more: object = {}, resolution: object = {}): Promise<string[]> {
  const packages = {
    'a@1.0.0': {
      resolution: { integrity: SHA512, ...resolution },
      optional: true,
      ...elsewhere,
      ...more,
    },
  };
  const importers = { '.': { optionalDependencies: { a: '1.0.0' } } };
  await gates.beforeResolution({
    lockfileDir: join(root, 'project'),
    storeDir: store,
    registries: {},
    wantedLockfile: { importers, packages },
  } as never);
  return inspectAll.mock.calls.flatMap(([sources]) => sources.map(({ id }) => id));
}

test('is one for another machine', async () => {
  expect(await inspected()).toEqual([]);
});

test.each([
  ['is for this machine', { os: [process.platform] }, {}],
  ['is called optional nowhere', { optional: undefined }, {}],
  ['is called needed', { optional: false }, {}],
  ['has no integrity', {}, { integrity: undefined }],
  ['has a weak integrity', {}, { integrity: `sha1-${'A'.repeat(27)}=` }],
  ['is a git host’s', {}, { tarball: 'https://host.example/x.tgz', gitHosted: true }],
  ['is of a repository', {}, { type: 'git', repo: 'https://host.example/a', commit: 'c' }],
])('is none that %s', async (_, more, resolution) => {
  expect(await inspected(more, resolution)).toEqual(['a@1.0.0']);
});

test('is none that was rejected before, and one that was accepted', async () => {
  remembered.mockReturnValue({ status: 'accept' });
  expect(await inspected()).toEqual([]);
  remembered.mockReturnValue({ status: 'reject' });
  expect(await inspected()).toEqual(['a@1.0.0']);
});
