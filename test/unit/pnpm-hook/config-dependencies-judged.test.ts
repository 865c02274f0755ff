/** Config dependencies, which pnpm has unpacked before it asks anybody. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { HookError } from '../../../packages/pnpm-hook/src/messages.ts';

const fakes = vi.hoisted(() => ({
  inWorker: true,
  treeOf: vi.fn(),
  theGuard: vi.fn(),
  fail: vi.fn(),
}));
vi.mock('../../../packages/pnpm-hook/src/guard.ts', () => ({ theGuard: fakes.theGuard }));
vi.mock('../../../packages/pnpm-hook/src/failure.ts', () => ({ fail: fakes.fail }));
vi.mock('../../../packages/pnpm-hook/src/engine.ts', () => ({
  get inWorker() {
    return fakes.inWorker;
  },
}));
vi.mock('../../../packages/pnpm-hook/src/session.ts', () => ({
  session: () => ({ settings: { registry: 'https://registry.example/', scopes: {} } }),
}));
const { judgeConfigDependencies, treeDigest } =
  await import('../../../packages/pnpm-hook/src/config-dependencies.ts');

const SHA512 = `sha512-${'A'.repeat(86)}==`;
let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'tarwarden-config-')));
  fakes.inWorker = true;
  fakes.fail.mockReset().mockImplementation((error: unknown) => error);
  fakes.treeOf
    .mockReset()
    .mockImplementation(async ({ expected }: { expected: { name: string } }) =>
      treeDigest(place(expected.name)),
    );
  fakes.theGuard.mockReset().mockImplementation(async () => ({ treeOf: fakes.treeOf }));
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(root, { recursive: true, force: true });
});

const place = (name: string): string => join(root, 'node_modules/.pnpm-config', name);
function unpacked(name: string, folder: string = place(name)): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"version":"1.0.0"}');
  return folder;
}
const judge = (more: object = {}): Promise<void> =>
  judgeConfigDependencies({ lockfileDir: root, ...more });
const sources = (): object[] => fakes.treeOf.mock.calls.map(([source]) => source as object);
const refusedBecause = async (why: RegExp): Promise<void> => {
  await expect(judge()).rejects.toMatchObject({
    reason: 'NOT_INSPECTED',
    message: expect.stringMatching(why),
  });
  expect(fakes.fail).toHaveBeenCalledTimes(1);
};

describe('what pnpm unpacked', () => {
  test('is judged by the tarball that it claims to be', async () => {
    unpacked('a');
    unpacked('@s/b');
    await judge();
    expect(sources()).toEqual([
      {
        kind: 'download',
        id: '@s/b@1.0.0',
        url: 'https://registry.example/@s/b/-/b-1.0.0.tgz',
        expected: { name: '@s/b', version: '1.0.0' },
      },
      {
        kind: 'download',
        id: 'a@1.0.0',
        url: 'https://registry.example/a/-/a-1.0.0.tgz',
        expected: { name: 'a', version: '1.0.0' },
      },
    ]);
    expect(fakes.theGuard).toHaveBeenCalledWith(root);
    expect(existsSync(place('a'))).toBe(true);
  });

  test.each(['lockfileDir', 'rootProjectManifestDir', 'workspaceDir', 'dir'])(
    'is found below %s',
    async (key) => {
      unpacked('a');
      await judgeConfigDependencies({ [key]: root });
      expect(fakes.treeOf).toHaveBeenCalledTimes(1);
    },
  );

  test('is nothing where there is none', async () => {
    await judge();
    await judgeConfigDependencies({});
    expect(fakes.theGuard).not.toHaveBeenCalled();
  });

  test.each([
    ['as one text', { a: `1.0.0+${SHA512}` }, { integrity: SHA512 }],
    [
      'beside a tarball',
      { a: { tarball: 'https://x/', integrity: `1.0.0+${SHA512}` } },
      { url: 'https://x/', integrity: SHA512 },
    ],
  ])('has the integrity that is pinned %s', async (_title, configDependencies, source) => {
    unpacked('a');
    await judge({ configDependencies });
    expect(sources()).toMatchObject([source]);
  });

  test('has that of the lockfile, of this very version', async () => {
    unpacked('a');
    const entry = (id: string, sri: string): string =>
      `  ${id}:\n    resolution: {integrity: ${sri}}\n`;
    const other = SHA512.replaceAll('A', 'B');
    writeFileSync(
      join(root, 'pnpm-lock.yaml'),
      `packages:\n${entry('a@1.0.1', other)}${entry("'a@1.0.0'", SHA512)}`,
    );
    await judge();
    expect(sources()).toMatchObject([{ integrity: SHA512 }]);
    await judge({ configDependencies: { a: '1.0.0' } });
    expect(sources()[1]).toMatchObject({ integrity: SHA512 });
  });
});

/** As pnpm names a folder of its links. */
const HASH = 'a'.repeat(64);

describe('what does not hold is removed, and everything fails', () => {
  test('where its files are others than those of its tarball', async () => {
    unpacked('a');
    unpacked('b');
    fakes.treeOf.mockImplementationOnce(async () => 'another tree');
    await refusedBecause(
      /^tarwarden: the config dependency a@1\.0\.0 is not what its tarball holds\. It was unpacked/,
    );
    expect([existsSync(place('a')), existsSync(place('b'))]).toEqual([false, true]);
  });

  test.each<[string, Error, RegExp]>([
    ['rejected', new HookError('REJECTED', 'a is rejected'), /^tarwarden: a is rejected\. It was/],
    [
      'not judged',
      new Error('offline'),
      /^tarwarden: the config dependency a could not be judged: offline\. It/,
    ],
  ])('where it is %s', async (_title, error, why) => {
    unpacked('a');
    fakes.treeOf.mockRejectedValue(error);
    await refusedBecause(why);
    expect(existsSync(place('a'))).toBe(false);
  });

  test('where it says nothing of itself', async () => {
    mkdirSync(place('a'), { recursive: true });
    await refusedBecause(/a could not be judged/);
    expect(existsSync(place('a'))).toBe(false);
  });

  test.each([
    [`links/@/a/1.0.0/${HASH}/node_modules/a`, false],
    [`links/@s/a/1.0.0/${HASH}/node_modules/@s/a`, false],
    ['elsewhere/node_modules/a', true],
    ['links/a', true],
  ])('where it is a link to %s, which stays: %s', async (to, stays) => {
    const real = unpacked('a', join(root, to));
    mkdirSync(dirname(place('a')), { recursive: true });
    symlinkSync(real, place('a'));
    fakes.treeOf.mockResolvedValue('another tree');
    await refusedBecause(/is not what its tarball holds/);
    expect([existsSync(place('a')), existsSync(real)]).toEqual([false, stays]);
  });

  test.each([
    [false, [[1]]],
    [true, []],
  ])('and pnpm ends, in a worker by itself: %s', async (inWorker, exits) => {
    fakes.inWorker = inWorker;
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    const exit = vi.spyOn(process, 'exit').mockImplementation(() => undefined as never);
    unpacked('a');
    fakes.treeOf.mockResolvedValue('another tree');
    await expect(judge()).rejects.toThrow();
    vi.advanceTimersByTime(1999);
    expect(exit).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(exit.mock.calls).toEqual(exits);
  });
});
