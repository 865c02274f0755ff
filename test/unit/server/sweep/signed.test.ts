/* What several who sign keep in one storage: nobody's signature takes another's away. */
import { afterEach, expect, it } from 'vitest';
import { signer as signing } from '../../../../packages/server/src/sweep/signed.ts';
import {
  openStorage,
  type VerdictStorage,
} from '../../../../packages/server/src/verdict-server/storage.ts';
import {
  addressOf,
  verdictAmong,
  type PinnedKey,
} from '../../../../packages/host/src/signed-verdicts/index.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { asked, rejection, signer, TODAY, verdictOn } from '../../../support/signed-verdicts.ts';

const [one, two, stranger] = [signer(), signer(), signer()];

let folder: string;
let storage: VerdictStorage;
freshFolder(async (made) => {
  folder = made;
  storage = await openStorage(folder, {});
});
afterEach(async () => {
  await storage.close();
});

/** What counts for who pins these keys. */
async function counts(keys: readonly PinnedKey[]): Promise<string | undefined> {
  const address = addressOf(asked());
  const envelopes = await storage.get(address);
  return (await verdictAmong(envelopes, address, { keys, today: TODAY }))?.verdict.status;
}

it('has the same of both keys, for whoever pins but one', async () => {
  await signing({ key: one.key, storage })(rejection(), asked());
  await signing({ key: two.key, storage, keys: one.pinned })(rejection(), asked());
  expect([await counts(one.pinned), await counts(two.pinned)]).toEqual(['reject', 'reject']);
  expect(await counts(stranger.pinned)).toBeUndefined();
});

it('has no acceptance beside a rejection of somebody who is trusted', async () => {
  await signing({ key: one.key, storage })(rejection(), asked());
  await signing({ key: two.key, storage, keys: one.pinned })(verdictOn(), asked());
  expect([await counts(one.pinned), await counts(two.pinned)]).toEqual(['reject', undefined]);
});

it('is the envelope alone without a storage', async () => {
  const envelope = await signing({ key: one.key })(verdictOn(), asked());
  const trust = { keys: one.pinned, today: TODAY };
  expect((await verdictAmong([envelope], addressOf(asked()), trust))?.verdict.status).toBe(
    'accept',
  );
});
