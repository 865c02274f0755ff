import {
  isUsable,
  plainEnvelope,
  verdictAmong,
  type TrustedKeys,
} from '@tarwarden/host/signed-verdicts';
import type { VerdictStorage } from './storage.ts';

/** One that a key of those who are trusted has signed. */
export interface Envelope {
  readonly address: string;
  readonly envelope: string;
  readonly status: 'accept' | 'reject';
}

/**
 * Keeps an envelope, together with what others have signed of the same. An acceptance is not kept beside a rejection. Whoever writes to a
 * storage has to trust the keys of all that do: signatures of others are not kept. Resolves to whether there is something new.
 */
export async function keepEnvelope(
  storage: VerdictStorage,
  { address, envelope, status }: Envelope,
  trust: TrustedKeys,
): Promise<boolean> {
  const kept = await storage.get(address);
  const said = await Promise.all(
    kept.map(async (keptEnvelope) => verdictAmong([keptEnvelope], address, trust)),
  );
  const statuses = said.map((signed) => signed?.verdict.status);
  const isRejected = statuses.includes('reject');
  const place = kept[statuses.indexOf(status)];
  const next = await joined(place, envelope, trust);
  const isNew = next !== place && (status === 'reject' || !isRejected);
  if (isNew) await storage.put(address, next, status);
  return isNew;
}

/**
 * Writes the envelope to keep: the statement, with its signatures and those that are kept of the same statement. So a guard that pins
 * only one of the keys can use it, also when another key has expired. The envelope is written anew: anybody who has read one can send it
 * again with a megabyte beside what was signed.
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
