import { addressOf } from './asked.ts';
import { verdictFrom, type SignedVerdict, type Trust } from './signed-verdict.ts';

/**
 * The verdict that counts among the envelopes of one address: a rejection before an acceptance, in any order. Undefined if no
 * believed key signed any of them, or they are about something else. Never rejects.
 */
export async function verdictAmong(
  envelopes: readonly string[],
  address: string,
  trust: Trust,
): Promise<SignedVerdict | undefined> {
  const all = await Promise.all(envelopes.map(async (envelope) => verdictFrom(envelope, trust)));
  const said = all
    .filter((one) => one !== undefined)
    .filter(({ asked }) => addressOf(asked) === address);
  return said.find(({ verdict }) => verdict.status === 'reject') ?? said[0];
}
