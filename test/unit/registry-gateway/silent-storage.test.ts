import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_POLICY } from '@tarwarden/core';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Verdicts } from '../../../packages/registry-gateway/src/verdicts.ts';
import { sha512Hex, signer, verdictOn } from '../../support/signed-verdicts.ts';

const identity = { format: 'npm', name: 'clean', version: '1.0.0' } as const;

let folder: string;
let asked: string[];
let errors: unknown[];
let verdicts: Verdicts;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tarwarden-silent-'));
  asked = [];
  errors = [];
  const { key, pinned } = signer();
  const never = async (what: string): Promise<never> => {
    asked.push(what);
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
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

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
