/** Which packages a registry may lack: what pnpm 12 does without, where no store could have it. */
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { Gates } from '../../../packages/pnpm-hook/src/gates/gates.ts';
import { MissingError } from '../../../packages/pnpm-hook/src/messages.ts';
import { freshFolder } from '../../support/fresh-folder.ts';
import { testHook } from '../../support/pnpm-hook.ts';

const fakes = vi.hoisted(() => ({ inWorker: true }));
vi.mock('../../../packages/pnpm-hook/src/engine.ts', () => ({
  get inWorker() {
    return fakes.inWorker;
  },
}));

type Asked = { readonly id: string };
const SHA512 = `sha512-${Buffer.alloc(64).toString('base64')}`;
const allowMissing = vi.fn<(source: Asked) => void>();
const inspectSoon = vi.fn<(source: Asked) => Promise<void>>();
const mayMiss = (): string[] => allowMissing.mock.calls.map(([{ id }]) => id);

let root: string;
let store: string;
let gates: Gates;
freshFolder((made) => {
  root = made;
  allowMissing.mockReset();
  inspectSoon.mockReset().mockResolvedValue();
  const guard = {
    askFor: async () => undefined,
    inspectAll: async () => undefined,
    remembered: () => undefined,
  };
  fakes.inWorker = true;
  store = join(root, 'store');
  const session = { settings: { registry: 'https://registry.example/', scopes: {} }, store };
  gates = new Gates(
    testHook({
      guard: async () => ({ ...guard, inspectSoon, allowMissing }),
      session: () => session,
      adoptRegistries: () => session,
    }),
  );
});

const beforeResolution = (existsCurrentLockfile = false): Promise<void> =>
  gates.beforeResolution({
    lockfileDir: root,
    storeDir: store,
    registries: {},
    existsCurrentLockfile,
    wantedLockfile: {
      importers: {
        '.': { dependencies: { needed: '1.0.0' }, optionalDependencies: { free: '1.0.0' } },
      },
      packages: {
        'needed@1.0.0': { resolution: { integrity: SHA512 } },
        'free@1.0.0': { resolution: { integrity: SHA512 } },
      },
    },
  } as never);

test('of a lockfile it is what nothing but optional dependencies lead to', async () => {
  await beforeResolution();
  expect(mayMiss()).toEqual(['free@1.0.0']);
});

test('it is nothing where something is installed, and on pnpm 10 and 11', async () => {
  await beforeResolution(true);
  fakes.inWorker = false;
  await beforeResolution();
  expect(mayMiss()).toEqual([]);
});

test('without a lockfile it is what nobody has asked for but as optional', async () => {
  const dist = { tarball: 'https://registry.example/o.tgz', integrity: SHA512 };
  await beforeResolution();
  allowMissing.mockReset();
  await gates.beforeUse({ optionalDependencies: { free: '1', both: '1' } });
  await gates.beforeUse({ dependencies: { both: '1' } });
  inspectSoon.mockRejectedValueOnce(new MissingError('404'));
  await gates.beforeUse({ name: 'free', version: '1.0.0', dist });
  inspectSoon.mockRejectedValueOnce(new Error('rejected'));
  await expect(gates.beforeUse({ name: 'both', version: '1.0.0', dist })).rejects.toThrow(
    'rejected',
  );
  expect(mayMiss()).toEqual(['free@1.0.0']);
});
