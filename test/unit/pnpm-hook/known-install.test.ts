/** An install counts as known only under exactly the circumstances of the install that was noted. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import {
  KnownInstall,
  type CheckedInstall,
  type InstallCircumstances,
  type InstallTools,
} from '../../../packages/pnpm-hook/src/gates/known-install.ts';
import { Handoff } from '../../../packages/pnpm-hook/src/handoff/handoff.ts';
import type { Session } from '../../../packages/pnpm-hook/src/session.ts';
import type { PnpmSource } from '../../../packages/pnpm-hook/src/source.ts';
import { testHook } from '../../support/pnpm-hook.ts';

const sri = (text: string): string => `sha512-${Buffer.alloc(64, text).toString('base64')}`;
const source = (name: string, more: Partial<PnpmSource> = {}): PnpmSource =>
  ({
    kind: 'download',
    id: `${name}@1.0.0`,
    url: `https://registry.example/${name}.tgz`,
    integrity: sri(name),
    expected: { name, version: '1.0.0' },
    ...more,
  }) as PnpmSource;

const session = {
  engine: { major: 12, version: '12.21.0' },
  settings: { registry: 'https://registry.example/', scopes: {} },
  offline: false,
  architectures: undefined,
  everyPlatform: false,
  mirrors: {},
  store: undefined,
} as unknown as Session;
const circumstances: InstallCircumstances = {
  lockfile: { packages: { 'a@1.0.0': { resolution: { integrity: sri('a') }, libc: ['musl'] } } },
  lockfileDir: '/project',
  storeDir: '/store/v11',
  session,
  cold: false,
} as unknown as InstallCircumstances;

let libc = 'glibc';
let kept: Map<string, Buffer>;
let plain: (source: PnpmSource) => boolean;
let store: { rows: object | undefined; isSame: boolean; mayHold: string[]; files: string[] };
const started = vi.fn();

beforeEach(() => {
  kept = new Map();
  plain = () => true;
  libc = 'glibc';
  store = { rows: {}, isSame: true, mayHold: [], files: [] };
  started.mockReset();
});

function install(change: Partial<InstallCircumstances> = {}): KnownInstall {
  const tools = {
    notes: {
      get: (name: string) => kept.get(name),
      put: (name: string, text: Buffer) => void kept.set(name, text),
      isPlain: (asked: PnpmSource) => plain(asked),
    },
    contents: { mayHoldFiles: (integrity: string) => store.files.includes(integrity) },
    storeCheck: {
      mayHold: (integrity: string) => store.mayHold.includes(integrity),
      knownRows: () => store.rows,
      startKnown: (...args: unknown[]) => {
        started(...args);
        return () => store.isSame;
      },
    },
  };
  return new KnownInstall(
    { ...circumstances, ...change },
    tools as unknown as InstallTools,
    () => libc,
  );
}

const FILES = { files: { packages: [], facts: '' }, names: Buffer.from('ab/cd\n') };
const whole = (more: Partial<CheckedInstall> = {}): CheckedInstall => ({
  inspected: [source('a')],
  byFetchers: [],
  leftOut: [source('b')],
  files: FILES,
  ...more,
});
const isKnown = (change: Partial<InstallCircumstances> = {}): boolean =>
  install(change).start()() !== undefined;

test('an install is known after it was noted', () => {
  expect(isKnown()).toBe(false);
  install().note(whole());
  expect(isKnown()).toBe(true);
  const known = install().start()();
  expect(known?.has('a@1.0.0', sri('a'))).toBe(true);
  expect(known?.has('a@1.0.0', sri('b'))).toBe(false);
  expect(known?.has('a@2.0.0', sri('a'))).toBe(false);
  expect(known?.has('b@1.0.0', sri('b'))).toBe(false);
  expect(known?.has('a@1.0.0', undefined)).toBe(false);
  expect(started.mock.lastCall).toEqual([{ rows: {}, ...FILES }, [sri('a')]]);
});

const otherSession = (change: Partial<Session>): Partial<InstallCircumstances> => ({
  session: { ...session, ...change },
});
const otherPackage = (more: object): Partial<InstallCircumstances> => {
  const entry = { ...circumstances.lockfile.packages?.['a@1.0.0'], ...more };
  return { lockfile: { packages: { 'a@1.0.0': entry } } } as Partial<InstallCircumstances>;
};
test.each<[string, Partial<InstallCircumstances>]>([
  ['integrity', otherPackage({ resolution: { integrity: sri('c') } })],
  [
    'address',
    otherPackage({ resolution: { integrity: sri('a'), tarball: 'https://other.example/' } }),
  ],
  ['platform', otherPackage({ os: ['linux'] })],
  ['claims', otherPackage({ hasBin: true })],
  ['edges', otherPackage({ dependencies: { b: '1.0.0' } })],
  ['graph', { lockfile: { ...circumstances.lockfile, importers: {} } as never }],
  ['project', { lockfileDir: '/elsewhere' }],
  ['store', { storeDir: '/elsewhere' }],
  ['empty store', { cold: true }],
  ['engine', otherSession({ engine: { major: 12, version: '12.21.1' } })],
  [
    'registry',
    otherSession({ settings: { registry: 'https://other.example/', scopes: {} } as never }),
  ],
  ['mirrors', otherSession({ mirrors: { release: 'https://mirror.example/' } })],
  ['architectures', otherSession({ architectures: { os: ['win32'] } })],
  ['force', otherSession({ everyPlatform: true })],
  ['frozen store', otherSession({ isFrozenStore: true })],
  ['other hooks', otherSession({ isReshaped: true })],
])('it is another one with another %s', (_name, change) => {
  install().note(whole());
  expect(isKnown(change)).toBe(false);
  expect(isKnown()).toBe(true);
});

test('it is another one on another platform', () => {
  install().note(whole());
  libc = 'musl';
  expect(isKnown()).toBe(false);
  libc = 'glibc';
  for (const name of ['platform', 'arch'] as const) {
    const before = Object.getOwnPropertyDescriptor(process, name)!;
    Object.defineProperty(process, name, { ...before, value: 'other' });
    expect(isKnown()).toBe(false);
    Object.defineProperty(process, name, before);
  }
  expect(isKnown()).toBe(true);
});

test('it is not known with another store, or if the store has a package that was left out', () => {
  install().note(whole());
  store.isSame = false;
  expect(isKnown()).toBe(false);
  store.isSame = true;
  store.files = [sri('b')];
  expect(isKnown()).toBe(false);
});

describe('an install is not noted', () => {
  test.each<[string, Partial<CheckedInstall>]>([
    ['from git', { inspected: [source('a'), source('c', { kind: 'git' } as never)] }],
    ['from a file', { inspected: [source('c', { kind: 'file' } as never)] }],
    ['without an integrity', { inspected: [source('c', { integrity: undefined } as never)] }],
    ['with a weak integrity', { inspected: [source('c', { integrity: 'sha1-abc' })] }],
    [
      'that was left out without a name',
      { leftOut: [source('c', { expected: undefined } as never)] },
    ],
  ])('with a package %s', (_name, change) => {
    install().note(whole(change));
    expect(kept.size).toBe(0);
  });

  test('if a package is not plainly accepted', () => {
    plain = ({ id }) => id !== 'a@1.0.0';
    install().note(whole());
    expect(kept.size).toBe(0);
  });

  test('if the store was not checked as a whole, cannot be recognised, or has a package that was left out', () => {
    install().note(whole({ files: undefined }));
    store.mayHold = [sri('b')];
    install().note(whole());
    store = { ...store, mayHold: [], rows: undefined };
    install().note(whole());
    expect(kept.size).toBe(0);
  });
});

describe('with an empty store', () => {
  const cold = { cold: true };
  const both = whole({ inspected: [], byFetchers: [source('a'), source('c')], files: undefined });

  test('an install is known if all its packages were accepted before', () => {
    install(cold).note(both);
    expect(isKnown(cold)).toBe(true);
    expect(isKnown()).toBe(false);
    expect(started).not.toHaveBeenCalled();
    store.mayHold = [sri('b')];
    expect(isKnown(cold)).toBe(false);
  });

  test('it is noted when fetchers have inspected the last of them', () => {
    const accepted = new Set<string>();
    plain = ({ id }) => accepted.has(id);
    const now = install(cold);
    now.note(both);
    for (const name of ['a', 'unknown', 'c']) {
      expect(kept.size).toBe(0);
      accepted.add(`${name}@1.0.0`);
      now.fetched(source(name));
    }
    expect(kept.size).toBe(1);
  });

  test('it is not noted if one of them is not accepted', () => {
    plain = () => false;
    const now = install(cold);
    now.note(both);
    for (const name of ['a', 'c']) now.fetched(source(name));
    expect(kept.size).toBe(0);
  });
});

describe('while pnpm 12 fetches', () => {
  const resolution = { tarball: 'https://registry.example/a.tgz', integrity: sri('a') };
  const expected = vi.fn();
  const fetched = vi.fn();
  const guard = {
    askFor: async () => undefined,
    expect: expected,
    flush: () => undefined,
    inspectBytes: () => Promise.reject(new Error('rejected')),
    isPinned: () => false,
  };

  test('it gets a known package by itself, unless a document of a registry says more', async () => {
    install().note(whole());
    const hook = testHook({
      guardSoFar: async () => guard,
      session: () => session,
      known: install().start()(),
    });
    const handoff = new Handoff(hook);
    expect(await handoff.hasToInspect('a@1.0.0', resolution)).toBe(false);
    expect(await handoff.hasToInspect('a@1.0.0', { integrity: sri('a') })).toBe(false);
    for (const other of [
      { ...resolution, integrity: sri('b') },
      { ...resolution, gitHosted: true },
      { ...resolution, tarball: 'https://codeload.github.com/a/b/tar.gz/c' },
      { ...resolution, tarball: 'file:a.tgz' },
    ])
      expect(await handoff.hasToInspect('a@1.0.0', other)).toBe(true);
    expect(await handoff.hasToInspect('b@1.0.0', resolution)).toBe(true);
    hook.documents.set('a@1.0.0', {} as never);
    expect(await handoff.hasToInspect('a@1.0.0', resolution)).toBe(true);
  });

  test('the install hears of each source that was fetched, also if it is refused', async () => {
    const parts = { guard: async () => guard, session: () => session, installing: { fetched } };
    const handoff = new Handoff(testHook(parts));
    const options = { pkg: { name: 'a', version: '1.0.0' }, pkgResolutionId: 'a@1.0.0' };
    const fetching = handoff.fetchInspected({}, resolution, { options, fetchers: {} } as never);
    await expect(fetching).rejects.toThrow('rejected');
    expect(fetched).toHaveBeenCalledWith(expect.objectContaining({ id: 'a@1.0.0' }));
  });
});
