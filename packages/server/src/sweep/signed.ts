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

/** Milliseconds for the storage to take a verdict. */
const STORAGE_LIMIT = 10_000;

export interface SigningOptions {
  readonly key: SigningKey;
  readonly storage?: VerdictStorage | undefined;
  /** The keys of other signers, whose signatures the storage keeps beside ours. */
  readonly keys?: Current<readonly PinnedKey[]> | undefined;
}

export type Sign = (verdict: Verdict, asked: VerdictQuestion) => Promise<string>;

/** Makes a function that signs verdicts and puts each into the storage, if there is one. It throws if the storage fails. */
export function signer({ key, storage, keys = [] }: SigningOptions): Sign {
  // Read once: reading a key takes as long as checking a signature.
  const own = readPinnedKeys([{ key: key.publicText }], 'verdicts');
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
