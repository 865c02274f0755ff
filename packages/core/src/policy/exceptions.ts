import type { Finding, Verdict } from '../finding/verdict.ts';
import { ecosystemOf } from '../finding/format.ts';
import { formatIdentity, isSamePackage } from './package-identity.ts';
import type { Exception, Policy } from './policy.ts';

/** Whether the last day of an exception is past. */
export function hasExpired(exception: { readonly expires: string }, today: string): boolean {
  return exception.expires < today;
}

/** A verdict, and the package that the client requested, if the caller knows it. */
export interface InspectedPackage {
  /** `name@version`. Without it, the identity that the archive claims counts. */
  readonly package?: string | undefined;
  readonly verdict: Verdict;
}

/**
 * Exceptions that have not expired and name an inspected package, but cover no finding: the bytes of the package changed, or the
 * finding is gone. Exceptions for packages that were not inspected are left out, because it is unknown whether they are needed.
 */
export function unmatchedExceptions(
  policy: Policy,
  inspected: Iterable<InspectedPackage>,
): Exception[] {
  const candidates = policy.exceptions.filter((exception) => !hasExpired(exception, policy.today));
  if (candidates.length === 0) return [];
  const inspectedNames = new Set<string>();
  const usedExceptions = new Set<Exception>();
  for (const { package: requestedPackage, verdict } of inspected) {
    const name = requestedPackage ?? claimedPackage(verdict);
    if (name === undefined) continue;
    inspectedNames.add(name);
    const ecosystem = ecosystemOf[verdict.format];
    for (const exception of candidates) {
      const isOfArchive = exception.sha512 === verdict.archive.sha512;
      if (isOfArchive && isSamePackage(exception.package, name, ecosystem)) {
        if (verdict.findings.some((finding) => covers(exception, finding)))
          usedExceptions.add(exception);
      }
    }
  }
  return candidates.filter(
    (exception) => inspectedNames.has(exception.package) && !usedExceptions.has(exception),
  );
}

/** `name@version` as the archive claims it. Undefined if it claims none. */
export function claimedPackage(verdict: Verdict): string | undefined {
  return formatIdentity(verdict.manifest?.name, verdict.manifest?.version);
}

function covers(exception: Exception, finding: Finding): boolean {
  return (
    finding.rule === exception.rule &&
    (exception.entry === undefined || exception.entry === finding.entry)
  );
}
