import { addressOf } from './asked.ts';
import { verdictFrom, type SignedVerdict, type Trust } from './signed-verdict.ts';

/**
 * What counts of the envelopes that are kept under one address: a rejection before an acceptance, whatever their order. Undefined where
 * nobody trusted has signed any of them, or it is about something else.
 */
export function verdictAmong(
  envelopes: readonly string[],
  address: string,
  trust: Trust,
): SignedVerdict | undefined {
  const said = envelopes
    .map((envelope) => verdictFrom(envelope, trust))
    .filter((one) => one !== undefined)
    .filter(({ asked }) => addressOf(asked) === address);
  return said.find(({ verdict }) => verdict.status === 'reject') ?? said[0];
}
