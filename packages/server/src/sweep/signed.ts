import type { Verdict } from '@tarwarden/core';
import { dayOf } from '@tarwarden/core/policy';
import { currently, inTime, type Current } from '@tarwarden/host';
import { keepEnvelope } from '../verdict-server/keep-envelope.ts';
import type { VerdictStorage } from '../verdict-server/storage.ts';
import {
  addressOf,
  readPinnedKeys,
  signVerdict,
  type VerdictQuestion,
  type PinnedKey,
  type SigningKey,
} from '@tarwarden/host/signed-verdicts';

/** For the storage to take a verdict. Milliseconds. */
const STORAGE_LIMIT = 10_000;

export interface SigningOptions {
  readonly key: SigningKey;
  readonly storage?: VerdictStorage | undefined;
  /** Whose signatures stay beside ours in the storage. */
  readonly keys?: Current<readonly PinnedKey[]> | undefined;
}

export type Sign = (verdict: Verdict, asked: VerdictQuestion) => Promise<string>;

/** Signs verdicts. The storage has each then, if there is one. What it makes throws where that does not take it. */
export function signer({ key, storage, keys = [] }: SigningOptions): Sign {
  // Reading a key takes as long as checking a signature: once, not for each verdict.
  const own = readPinnedKeys([{ key: key.publicText }]);
  return async (verdict, asked) => {
    const envelope = signVerdict(asked, verdict, key);
    if (storage === undefined) return envelope;
    const kept = { address: addressOf(asked), envelope, status: verdict.status };
    await inTime(
      STORAGE_LIMIT,
      keepEnvelope(storage, kept, {
        keys: [...own, ...currently(keys)],
        today: dayOf(Date.now()),
      }),
      'the storage of signed verdicts does not answer',
    );
    return envelope;
  };
}
