/* Signed verdicts in a storage that others write to as well. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DEFAULT_POLICY, inspect, RULESET, type Verdict } from '@tarwarden/core';
import { dayOf } from '@tarwarden/core/policy';
import { PolicyFingerprints } from '@tarwarden/host';
import {
  openStorage,
  type VerdictStorage,
} from '../../../../packages/server/src/verdict-server/storage.ts';
import { addressOf, signVerdict } from '@tarwarden/host/signed-verdicts';
import { Verdicts } from '../../../../packages/server/src/gateway/verdicts.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { signer } from '../../../support/signed-verdicts.ts';
import { clean } from './support.ts';

const ci = signer();
const expected = { name: 'clean', version: '1.0.0' };
const identity = { ...expected, format: 'npm' } as const;
const policy = { ...DEFAULT_POLICY, today: dayOf(Date.now()) };
const accepted = inspect(clean, { expected });
const { sha512 } = accepted.archive;
const rejected: Verdict = {
  ...accepted,
  status: 'reject',
  findings: [{ rule: 'symlink', level: 'error', message: 'found by another', entry: 'config' }],
};
const asked = {
  sha512,
  format: 'npm',
  expected,
  ruleset: RULESET,
  policy: new PolicyFingerprints(policy).of(sha512),
} as const;

let folder: string;
let storage: VerdictStorage;
freshFolder(async (made) => {
  folder = made;
  storage = await openStorage(join(folder, 'storage'), {});
});

function open(): Verdicts {
  const signed = { storage, keys: ci.pinned, key: ci.key };
  const onError = (error: unknown): void => console.error(error);
  return new Verdicts({ policy, env: { XDG_CACHE_HOME: folder }, signed, onError });
}

const put = async (verdict: Verdict, by = ci): Promise<void> =>
  storage.put(addressOf(asked), signVerdict(asked, verdict, by.key), verdict.status);

it('a gateway finds what another has signed', async () => {
  expect(await open().find(sha512, identity)).toBeUndefined();
  await open().add(accepted, identity, policy);
  expect(await open().find(sha512, identity)).toEqual({ accepted: true });
});

it('a rejection that another has signed stays, whatever a gateway adds', async () => {
  await put(rejected);
  await open().add(accepted, identity, policy);
  expect(await open().find(sha512, identity)).toMatchObject({ accepted: false });
});

it('a rejection of a stranger in the storage hides nothing', async () => {
  await put(rejected, signer());
  await open().add(accepted, identity, policy);
  expect(await open().find(sha512, identity)).toEqual({ accepted: true });
});
