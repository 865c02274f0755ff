import {
  isUsable,
  plainEnvelope,
  verdictAmong,
  type TrustedKeys,
} from '@tarwarden/host/signed-verdicts';
import type { VerdictStorage } from './storage.ts';

/** An envelope that a believed key has signed. */
export interface Envelope {
  readonly address: string;
  readonly envelope: string;
  readonly status: 'accept' | 'reject';
}

/**
 * Stores an envelope, and joins it with other signatures of the same statement. An acceptance is not stored beside a rejection.
 * Signatures of keys that this server does not believe are dropped, so every writer to a storage has to believe the keys of all
 * writers.  Resolves to whether anything is new.
 */
export async function keepEnvelope(
  storage: VerdictStorage,
  { address, envelope, status }: Envelope,
  trust: TrustedKeys,
): Promise<boolean> {
  const kept = await storage.get(address);
  const said = await Promise.all(kept.map(async (text) => verdictAmong([text], address, trust)));
  const statuses = said.map((signed) => signed?.verdict.status);
  const isRejected = statuses.includes('reject');
  const place = kept[statuses.indexOf(status)];
  const next = await joined(place, envelope, trust);
  const isNew = next !== place && (status === 'reject' || !isRejected);
  if (isNew) await storage.put(address, next, status);
  return isNew;
}

/**
 * Joins an envelope with the stored signatures of the same statement, so that readers who pin only one of the keys, or whose other
 * key has expired, still get it. The envelope is written again, because a sender could add up to a megabyte of unsigned data.
 */
async function joined(
  place: string | undefined,
  envelope: string,
  { keys, today }: TrustedKeys,
): Promise<string> {
  const usable = keys.filter((key) => isUsable(key, today));
  if (place === undefined) return (await plainEnvelope([envelope], usable)) ?? envelope;
  return (await plainEnvelope([place, envelope], usable)) ?? place;
}
