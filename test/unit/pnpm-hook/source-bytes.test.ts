/** Where the bytes of a source come from, and what is not taken for them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { integrityOf } from '../../../packages/guard/src/fetch/integrity.ts';
import { HookError } from '../../../packages/pnpm-hook/src/messages.ts';
import { bytesOf } from '../../../packages/pnpm-hook/src/inspection/source-inspector.ts';
import type { PnpmSource } from '../../../packages/pnpm-hook/src/source.ts';
import { freshFolder } from '../../support/fresh-folder.ts';
import { testHook } from '../../support/pnpm-hook.ts';

const fetchTarball = vi.hoisted(() => vi.fn());
vi.mock('@tarwarden/guard', async (original) => ({ ...(await original<object>()), fetchTarball }));

const bytes = Buffer.from('the bytes');
const archiveCommit = vi.fn();
const isWhole = vi.fn();
const hookOf = (settings: object = {}, offline = false) =>
  testHook({
    session: () => ({ settings, offline }),
    inspection: async () => ({ archiveCommit, isWhole }),
  });
beforeEach(() => {
  for (const fake of [fetchTarball, archiveCommit]) fake.mockReset().mockResolvedValue(bytes);
});

describe('a download', () => {
  const url = 'https://registry.example/a.tgz';
  const source: PnpmSource = { kind: 'download', id: 'a@1.0.0', url };
  const asked = (): Record<string, unknown> => fetchTarball.mock.lastCall?.[0] as never;

  test('is held to the integrity that is known, or else to be a whole archive', async () => {
    const integrity = integrityOf(bytes);
    expect(await bytesOf({ ...source, integrity }, hookOf())).toBe(bytes);
    expect(asked()).toEqual({ url, settings: {}, timeLimit: 1_800_000, integrity });
    await bytesOf(source, hookOf());
    expect(asked()).toEqual({ url, settings: {}, timeLimit: 1_800_000, isWhole });
  });

  test('is none offline', async () => {
    await expect(bytesOf(source, hookOf({}, true))).rejects.toThrow('pnpm is offline');
    expect(fetchTarball).not.toHaveBeenCalled();
  });

  test.each<[string, object, object]>([
    ['what pnpm waits for too', {}, { retryMinTimeout: 4000, retryMaxTimeout: 4000 }],
    [
      'what the user has shorter',
      { retryMinTimeout: 10, retryMaxTimeout: 60_000 },
      { retryMinTimeout: 10, retryMaxTimeout: 4000 },
    ],
  ])('in a hurry waits between two tries for no more than %s', async (_title, given, used) => {
    await bytesOf(source, hookOf({ registry: 'r', ...given }), true);
    expect(asked()['settings']).toEqual({ registry: 'r', ...used });
    await bytesOf(source, hookOf({ registry: 'r', ...given }));
    expect(asked()['settings']).toEqual({ registry: 'r', ...given });
  });

  test('that fails, fails', async () => {
    fetchTarball.mockRejectedValue(new Error('reset'));
    await expect(bytesOf(source, hookOf())).rejects.toThrow('reset');
  });
});

describe('a file', () => {
  let folder: string;
  let source: PnpmSource;
  freshFolder((made) => {
    folder = made;
    source = { kind: 'file', id: 'file:a.tgz', path: join(folder, 'a.tgz') };
  });

  test('is read, with the integrity that is known', async () => {
    writeFileSync(join(folder, 'a.tgz'), bytes);
    expect(await bytesOf(source, hookOf({}, true))).toEqual(bytes);
    const integrity = integrityOf(bytes);
    expect(await bytesOf({ ...source, integrity }, hookOf())).toEqual(bytes);
    const other = integrityOf(Buffer.from('other bytes'));
    await expect(bytesOf({ ...source, integrity: other }, hookOf())).rejects.toThrow(
      `its bytes do not have the integrity ${other}`,
    );
  });

  test('that is not there is none', async () => {
    await expect(bytesOf(source, hookOf())).rejects.toThrow('ENOENT');
  });
});

test('a commit is archived, which knows by itself what is offline', async () => {
  const source: PnpmSource = { kind: 'git', id: 'g', repo: 'https://host.example/g', commit: 'c0' };
  expect(await bytesOf(source, hookOf({}, true))).toBe(bytes);
  expect(archiveCommit.mock.calls).toEqual([[source, { timeLimit: 300_000, offline: true }]]);
});

test('without a configuration there are no bytes', async () => {
  const source: PnpmSource = { kind: 'file', id: 'file:a.tgz', path: '/a.tgz' };
  await expect(bytesOf(source, testHook())).rejects.toBeInstanceOf(HookError);
});
