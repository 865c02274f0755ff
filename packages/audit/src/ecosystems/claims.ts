/* Compares an accepted archive with what an index or a lockfile says of it. */
import type { Policy, Verdict } from '@tarwarden/core';
import { weighClaims } from '@tarwarden/core/policy';
import type { NotInspectedReason } from '../result.ts';
import type { ClaimsFor, FindResult, FoundArchive, RememberedArchive } from './archives.ts';

/** The verdict together with the claims. It stays as it is if it rejects already. */
export async function withClaims(
  verdict: Verdict,
  { claimsFor, expected }: FoundArchive | RememberedArchive,
  policy: Policy,
): Promise<Verdict | NotInspectedReason> {
  if (claimsFor === undefined || verdict.status !== 'accept') return verdict;
  const claims = await claimsFor(verdict);
  return 'code' in claims ? claims : weighClaims(verdict, claims, { policy, expected });
}

/** Adds claims to what was found. */
export function claimed<Result extends FindResult>(
  found: Result,
  claimsFor: ClaimsFor | undefined,
): Result {
  return 'code' in found || claimsFor === undefined ? found : { ...found, claimsFor };
}
