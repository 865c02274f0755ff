/** What Yarn finds unpacked and takes for done: only what was linked under the guard, and is still so. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { interceptAll } from '../../../packages/guarded-run/src/intercept.ts';
import { putFile } from '../../support/put-file.ts';
import { fakeProjects, noteBook, type Settings } from '../../support/yarn-project.ts';

type Fakes = ReturnType<typeof fakeProjects>;
const fakes = vi.hoisted(() => ({
  yarn: {} as Fakes,
  guardFor: vi.fn(),
  linksFromForeignStore: vi.fn(),
  /** What taking something away fails with. */
  failure: undefined as Error | undefined,
  refuseLinksOut: vi.fn(),
}));
vi.mock('node:fs', async (original) => {
  const real = await original<typeof import('node:fs')>();
  const rmSync: typeof real.rmSync = (...args) => {
    if (fakes.failure !== undefined) throw fakes.failure;
    real.rmSync(...args);
  };
  return { ...real, rmSync };
});
vi.mock('../../../packages/yarn-plugin/node_modules/@yarnpkg/core', () => ({
  // The list has more places than those that are looked at here.
  Cache: undefined,
  MultiFetcher: undefined,
  get Project() {
    return fakes.yarn.Project;
  },
  structUtils: { slugifyLocator: ({ name }: { name: string }) => name },
  tgzUtils: {},
  YarnVersion: '4.12.0',
}));
vi.mock('../../../packages/yarn-plugin/src/links.ts', () => ({
  refuseLinksOut: fakes.refuseLinksOut,
}));
vi.mock('../../../packages/yarn-plugin/src/stores.ts', () => ({
  linksFromForeignStore: fakes.linksFromForeignStore,
}));
const { Linking } = await import('../../../packages/yarn-plugin/src/linking.ts');
const { interceptsOf } = await import('../../../packages/yarn-plugin/src/intercepts.ts');

let root: string;
let book: ReturnType<typeof noteBook>;
const reported: string[] = [];
const options = {
  report: { reportInfo: (_name: null, text: string) => reported.push(text) },
} as never;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'tarwarden-linking-')));
  fakes.yarn = fakeProjects();
  book = noteBook();
  reported.length = 0;
  fakes.guardFor.mockReset().mockImplementation(async () => book);
  fakes.linksFromForeignStore.mockReset();
  const guards = { for: fakes.guardFor, refusal: (text: string) => new Error(text) };
  const linking = new Linking({ guards: guards as never });
  const all = interceptsOf({ linking } as never);
  interceptAll(all.filter(({ owner }) => owner === 'its project'));
});
afterEach(() => {
  fakes.failure = undefined;
  rmSync(root, { recursive: true, force: true });
});

const projectOf = (settings: Settings): InstanceType<Fakes['Project']> =>
  new fakes.yarn.Project(root, settings);
const anew = (path: string): string =>
  `tarwarden: ${path} is not as an install under the guard left it; made anew`;

const STATE = 'node_modules/.yarn-state.yml';
const UNPLUGGED = '.yarn/unplugged/a-npm-1';
const STORE = 'node_modules/.store';
const ways: [string, string, string][] = [
  ['pnp', UNPLUGGED, `${UNPLUGGED}/node_modules/a/index.js`],
  ['node-modules', STATE, STATE],
  ['pnpm', STORE, `${STORE}/a-npm-1/package/index.js`],
];

describe.each(ways)('with the linker %s', (nodeLinker, path, file) => {
  const makes = (): void =>
    void fakes.yarn.linker.mockImplementation(() => putFile(join(root, file), 'made'));

  test('what came with the repository is taken away before Yarn links', async () => {
    putFile(join(root, file), 'committed');
    fakes.yarn.linker.mockImplementation(() => expect(existsSync(join(root, file))).toBe(false));
    await projectOf({ nodeLinker }).linkEverything(options);
    expect(fakes.yarn.linker).toHaveBeenCalledTimes(1);
    expect(reported).toEqual([anew(path)]);
  });

  test('what was linked under the guard stays, until it is changed', async () => {
    makes();
    await projectOf({ nodeLinker }).linkEverything(options);
    expect(reported).toEqual([]);
    fakes.yarn.linker.mockImplementation(() => expect(existsSync(join(root, file))).toBe(true));
    await projectOf({ nodeLinker }).linkEverything(options);
    expect(reported).toEqual([]);
    rmSync(join(root, path), { recursive: true });
    putFile(join(root, file), 'others');
    fakes.yarn.linker.mockReset();
    await projectOf({ nodeLinker }).linkEverything(options);
    expect(reported).toEqual([anew(path)]);
  });

  test('what cannot be taken away is not linked', async () => {
    putFile(join(root, file), 'committed');
    for (const code of ['EACCES', undefined]) {
      fakes.failure = Object.assign(new Error('failed'), code !== undefined && { code });
      await expect(projectOf({ nodeLinker }).linkEverything(options)).rejects.toThrow(
        `refused to link: ${path} is not as an install under the guard left it, and cannot be made anew: ${code ?? 'unknown'}\n` +
          'what to do: install as the user who may write there, or remove it',
      );
    }
    expect(fakes.yarn.linker).not.toHaveBeenCalled();
  });

  test('what another linker made is left to Yarn', async () => {
    const others = ways.filter(([other]) => other !== nodeLinker);
    for (const [, , other] of others) putFile(join(root, other), 'committed');
    await projectOf({ nodeLinker }).linkEverything(options);
    for (const [, , other] of others) expect(existsSync(join(root, other))).toBe(true);
    expect(reported).toEqual([]);
  });

  test('what was made is noted by the place where it is', async () => {
    makes();
    await projectOf({ nodeLinker }).linkEverything(options);
    expect([...book.notes.keys()]).toEqual([join(root, path)]);
  });

  test('nothing there is nothing to say', async () => {
    await projectOf({ nodeLinker }).linkEverything(options);
    expect(reported).toEqual([]);
    expect(book.notes.size).toBe(0);
  });
});

describe('with pnp', () => {
  test('a tree is another one when its archive is', async () => {
    fakes.yarn.linker.mockImplementation(() => putFile(join(root, UNPLUGGED, 'x'), 'made'));
    await projectOf({ nodeLinker: 'pnp' }).linkEverything(options);
    const later = projectOf({ nodeLinker: 'pnp' });
    later.storedChecksums.set('h', 'another');
    await later.linkEverything(options);
    expect(reported).toEqual([anew(UNPLUGGED)]);
  });

  test('a link in place of the folder goes, and nothing behind it', async () => {
    putFile(join(root, 'elsewhere/a-npm-1/x'), 'kept');
    mkdirSync(join(root, '.yarn'));
    symlinkSync('../elsewhere', join(root, '.yarn/unplugged'));
    await projectOf({ nodeLinker: 'pnp' }).linkEverything(options);
    expect(existsSync(join(root, '.yarn/unplugged'))).toBe(false);
    expect(existsSync(join(root, 'elsewhere/a-npm-1/x'))).toBe(true);
  });
});

test('with node-modules a link in place of the list goes, whoever made it', async () => {
  putFile(join(root, 'elsewhere.yml'), 'kept');
  const link = (): void => symlinkSync('../elsewhere.yml', join(root, STATE));
  mkdirSync(join(root, 'node_modules'));
  link();
  fakes.yarn.linker.mockImplementationOnce(link);
  for (const _time of ['committed', 'made'])
    await projectOf({ nodeLinker: 'node-modules' }).linkEverything(options);
  // What it leads to may change while it stays the same.
  expect(reported).toEqual([anew(STATE), anew(STATE)]);
  expect(existsSync(join(root, STATE))).toBe(false);
  expect(existsSync(join(root, 'elsewhere.yml'))).toBe(true);
});

describe('with pnpm', () => {
  test("a package's folder made by others goes", async () => {
    fakes.yarn.linker.mockImplementation(() =>
      putFile(join(root, STORE, 'a-npm-1/package/x'), 'made'),
    );
    await projectOf({ nodeLinker: 'pnpm' }).linkEverything(options);
    renameSync(join(root, STORE, 'a-npm-1/package'), join(root, 'package'));
    putFile(join(root, STORE, 'a-npm-1/package/x'), 'others');
    fakes.yarn.linker.mockReset();
    await projectOf({ nodeLinker: 'pnpm' }).linkEverything(options);
    expect(existsSync(join(root, STORE, 'a-npm-1'))).toBe(false);
  });

  test('a link to a store elsewhere is the user\u2019s, who named it', async () => {
    const elsewhere = realpathSync(mkdtempSync(join(tmpdir(), 'tarwarden-linking-')));
    putFile(join(elsewhere, 'store/a-npm-1/package/x'), 'old');
    symlinkSync('store', join(elsewhere, 'link'));
    const pnpmStoreFolder = join(elsewhere, 'link');
    await projectOf({ nodeLinker: 'pnpm', pnpmStoreFolder }).linkEverything(options);
    expect(readdirSync(elsewhere).toSorted()).toEqual(['link', 'store']);
    expect(readdirSync(join(elsewhere, 'store'))).toEqual([]);
    rmSync(elsewhere, { recursive: true });
  });

  test('a store may be elsewhere: only what Yarn would put there goes, and is built anew', async () => {
    const pnpmStoreFolder = join(root, 'elsewhere');
    putFile(join(pnpmStoreFolder, 'a-npm-1/package/x'), 'old');
    putFile(join(pnpmStoreFolder, 'other/x'), 'kept');
    const project = projectOf({ nodeLinker: 'pnpm', pnpmStoreFolder });
    await project.linkEverything(options);
    expect(existsSync(join(pnpmStoreFolder, 'a-npm-1'))).toBe(false);
    expect(existsSync(join(pnpmStoreFolder, 'other/x'))).toBe(true);
    expect(project.storedBuildState.size).toBe(0);
  });

  test('a link in place of the store goes, and nothing behind it', async () => {
    putFile(join(root, 'elsewhere/a-npm-1/x'), 'kept');
    mkdirSync(join(root, 'node_modules'));
    symlinkSync('../elsewhere', join(root, STORE));
    await projectOf({ nodeLinker: 'pnpm' }).linkEverything(options);
    expect(existsSync(join(root, STORE))).toBe(false);
    expect(existsSync(join(root, 'elsewhere/a-npm-1/x'))).toBe(true);
  });
});

describe('what Yarn remembers between installs', () => {
  const state = '.yarn/install-state.gz';

  test('is forgotten where it came with the repository', async () => {
    putFile(join(root, state), 'committed');
    const project = projectOf({ nodeLinker: 'pnp' });
    await project.linkEverything(options);
    expect(project.linkersCustomData.size).toBe(0);
    expect(project).not.toHaveProperty('installersCustomData');
  });

  test('is kept where it was written after linking under the guard', async () => {
    const first = projectOf({ nodeLinker: 'pnp' });
    await first.linkEverything(options);
    fakes.yarn.persist.mockImplementation(() => putFile(join(root, state), 'ours'));
    await first.persistInstallStateFile();
    const second = projectOf({ nodeLinker: 'pnp' });
    await second.linkEverything(options);
    expect(second.linkersCustomData.size).toBe(1);
  });

  test('is not noted of a project that was not linked', async () => {
    fakes.yarn.persist.mockImplementation(() => putFile(join(root, state), 'restored'));
    await projectOf({ nodeLinker: 'pnp' }).persistInstallStateFile();
    expect(fakes.yarn.persist).toHaveBeenCalledTimes(1);
    expect(book.notes.size).toBe(0);
  });
});

describe('nothing is linked, and nothing taken away,', () => {
  const refusal = new Error('refused');
  const refused = async (): Promise<unknown> => {
    putFile(join(root, UNPLUGGED, 'x'), 'committed');
    const linking = projectOf({ nodeLinker: 'pnp' }).linkEverything(options);
    const error: unknown = await linking.then(
      () => 'linked',
      (reason: unknown) => reason,
    );
    expect(fakes.yarn.linker).not.toHaveBeenCalled();
    expect(existsSync(join(root, UNPLUGGED, 'x'))).toBe(true);
    return error;
  };

  test('from a store that is not the user\u2019s', async () => {
    fakes.linksFromForeignStore.mockReturnValueOnce(true);
    expect(String(await refused())).toMatch(
      /^Error: tarwarden: refused to link: globalFolder is set by the project.*\nwhat to do: move the line/,
    );
  });

  test('without a policy', async () => {
    fakes.guardFor.mockRejectedValueOnce(refusal);
    expect(await refused()).toBe(refusal);
  });

  test('through a link that leads out', async () => {
    fakes.refuseLinksOut.mockRejectedValueOnce(refusal);
    expect(await refused()).toBe(refusal);
  });
});
