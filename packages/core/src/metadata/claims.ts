/* Compares the words of registries, indexes and lockfiles with archives. This file needs no rules, so that guards can load it at each start. */
import type { Observation } from '../finding/observation.ts';
import type { ManifestFacts } from '../finding/verdict.ts';
import { compareIndexClaim, type IndexClaim } from './index-claim.ts';
import { compareNpmClaim, type NpmClaim } from './npm-claim.ts';

/** The words of an index or a lockfile about a package, beside its archive. */
export type Claim = NpmClaim | IndexClaim;

/** Each difference between the words and the archive. `claimed` is the archive's own metadata. */
export function compareClaims(
  claimed: ManifestFacts | undefined,
  claims: readonly Claim[],
): readonly Observation[] {
  return claims.flatMap((claim) =>
    claim.ecosystem === 'npm' ? compareNpmClaim(claimed, claim) : compareIndexClaim(claimed, claim),
  );
}
