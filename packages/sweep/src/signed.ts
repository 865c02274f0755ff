import type { Verdict } from '@tarwarden/core';
import { dayOf } from '@tarwarden/core/policy';
import { keepEnvelope, type VerdictStorage } from '@tarwarden/verdict-server';
import {
  addressOf,
  readPinnedKeys,
  signVerdict,
  type Asked,
  type PinnedKey,
  type SigningKey,
} from '@tarwarden/verdicts';
import { within } from './within.ts';

/** For the storage to take a verdict. Milliseconds. */
const STORAGE_LIMIT = 10_000;

export interface SigningOptions {
  readonly key: SigningKey;
  readonly storage?: VerdictStorage | undefined;
  /** Whose signatures stay beside ours in the storage. */
  readonly keys?: readonly PinnedKey[] | undefined;
}

/** A verdict under our signature, which the storage has then, if there is one. @throws where that does not take it. */
export async function signed(
  verdict: Verdict,
  asked: Asked,
  { key, storage, keys = [] }: SigningOptions,
): Promise<string> {
  const envelope = signVerdict(asked, verdict, key);
  if (storage === undefined) return envelope;
  const own = readPinnedKeys([{ key: key.publicText }]);
  const trust = { keys: [...own, ...keys], today: dayOf(Date.now()) };
  const kept = { address: addressOf(asked), envelope, status: verdict.status };
  await within(
    STORAGE_LIMIT,
    keepEnvelope(storage, kept, trust),
    'the storage of signed verdicts does not answer',
  );
  return envelope;
}
