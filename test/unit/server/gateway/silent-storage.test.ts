import { DEFAULT_POLICY } from '@tarwarden/core';
import { afterEach, expect, it, vi } from 'vitest';
import { StoragePause } from '../../../../packages/server/src/gateway/storage-pause.ts';
import { Verdicts } from '../../../../packages/server/src/gateway/verdicts.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { sha512Hex, signer, verdictOn } from '../../../support/signed-verdicts.ts';

const identity = { format: 'npm', name: 'clean', version: '1.0.0' } as const;

let folder: string;
let asked: string[];
let errors: unknown[];
let refuses: boolean;
let verdicts: Verdicts;

freshFolder((made) => {
  folder = made;
  asked = [];
  errors = [];
  const { key, pinned } = signer();
  refuses = false;
  const never = async (what: string): Promise<never> => {
    asked.push(what);
    if (refuses) throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    return new Promise(() => undefined);
  };
  const storage = {
    label: 'silent',
    get: async () => never('get'),
    put: async () => never('put'),
    close: async () => undefined,
  };
  verdicts = new Verdicts({
    policy: DEFAULT_POLICY,
    env: { XDG_CACHE_HOME: folder, HOME: folder },
    signed: { storage, keys: pinned, key },
    onError: (error) => errors.push(error),
  });
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

it('a storage that does not answer is waited for a while, and not asked again at once', async () => {
  const found = verdicts.find(sha512Hex('other'), identity);
  await vi.advanceTimersByTimeAsync(5_000);
  await expect(found).resolves.toBeUndefined();
  expect(errors).toHaveLength(1);
  await expect(verdicts.find(sha512Hex('other'), identity)).resolves.toBeUndefined();
  await expect(verdicts.add(verdictOn(), identity, verdicts.policy)).resolves.toEqual({
    accepted: true,
  });
  expect(asked).toEqual(['get']);
  await vi.advanceTimersByTimeAsync(30_000);
  const added = verdicts.add(verdictOn(), identity, verdicts.policy);
  await vi.advanceTimersByTimeAsync(5_000);
  await expect(added).resolves.toEqual({ accepted: true });
  expect(asked).toEqual(['get', 'get']);
});

it('a storage that refuses connections is asked once, and not again for a while', async () => {
  refuses = true;
  await expect(verdicts.find(sha512Hex('other'), identity)).resolves.toBeUndefined();
  expect(errors).toHaveLength(1);
  for (const name of ['a', 'b', 'c'])
    await expect(verdicts.find(sha512Hex(name), identity)).resolves.toBeUndefined();
  await expect(verdicts.add(verdictOn(), identity, verdicts.policy)).resolves.toEqual({
    accepted: true,
  });
  expect(asked).toEqual(['get']);
  expect(errors).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(30_001);
  await expect(verdicts.find(sha512Hex('other'), identity)).resolves.toBeUndefined();
  expect(asked).toEqual(['get', 'get']);
});

it('a storage that refuses a new verdict is not asked for others either', async () => {
  refuses = true;
  await expect(verdicts.add(verdictOn(), identity, verdicts.policy)).resolves.toEqual({
    accepted: true,
  });
  await expect(verdicts.find(sha512Hex('other'), identity)).resolves.toBeUndefined();
  expect(asked).toEqual(['get']);
});

it('a storage that answers slowly is left alone for a while, and its answer counts', async () => {
  vi.useRealTimers();
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
  const pause = new StoragePause((error) => errors.push(error));
  const slow = async (): Promise<string> =>
    new Promise((resolve) => setTimeout(() => resolve('found'), 2_000));
  const first = pause.ask(slow);
  await vi.advanceTimersByTimeAsync(2_000);
  await expect(first).resolves.toBe('found');
  expect(pause.problem()).toBe('it answers too slowly');
  await expect(pause.ask(slow)).resolves.toBeUndefined();
  await vi.advanceTimersByTimeAsync(30_000);
  // It is tried while nobody waits for it.
  await expect(pause.ask(async () => 'quick')).resolves.toBeUndefined();
  expect(pause.problem()).toBeUndefined();
  await expect(pause.ask(async () => 'quick')).resolves.toBe('quick');
  expect(errors).toEqual([]);
});
