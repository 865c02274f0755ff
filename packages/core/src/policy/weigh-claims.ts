import type { ExpectedPackage } from '../finding/expected.ts';
import { ecosystemOf } from '../finding/format.ts';
import type { Verdict } from '../finding/verdict.ts';
import { compareClaims, type Claim } from '../metadata/claims.ts';
import { FindingLog } from './finding-log.ts';
import { formatIdentity } from './package-identity.ts';
import type { Policy } from './policy.ts';

export interface ClaimContext {
  readonly policy: Policy;
  /** The package that the client requested. Without it, the identity that the archive claims counts. */
  readonly expected?: ExpectedPackage | undefined;
}

/**
 * The verdict of an archive together with the words of a registry or a lockfile about it. The verdict itself depends on the bytes
 * alone and is remembered; the words may differ each time, so they are compared each time.
 */
export function weighClaims(
  verdict: Verdict,
  claims: readonly Claim[],
  { policy, expected = {} }: ClaimContext,
): Verdict {
  const seen = compareClaims(verdict.manifest, claims);
  if (seen.length === 0) return verdict;
  const log = new FindingLog();
  const said = new Set<string>();
  for (const observation of seen) {
    // A lockfile often repeats the document.
    const key = JSON.stringify([observation.code, observation.detail]);
    if (!said.has(key)) log.add(observation);
    said.add(key);
  }
  const { manifest, format, archive } = verdict;
  const weighed = log.weigh(policy, {
    package: formatIdentity(expected.name ?? manifest?.name, expected.version ?? manifest?.version),
    sha512: archive.sha512,
    ecosystem: ecosystemOf[format],
    format,
  });
  return {
    ...verdict,
    status: weighed.rejected ? 'reject' : verdict.status,
    findings: [...verdict.findings, ...weighed.findings],
    omitted: verdict.omitted + weighed.omitted,
  };
}
