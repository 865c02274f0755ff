import { type Ecosystem, type Format, ecosystemOf } from '../finding/format.ts';
import type { Finding, Level, Verdict, ArchiveFacts, ManifestFacts } from '../finding/verdict.ts';
import { levelIn } from '../rules/levels.ts';
import type { Rule } from '../rules/rule.ts';
import { exceptionHash } from './approval.ts';
import { hasExpired } from './exceptions.ts';
import { isSamePackage, formatIdentity } from './package-identity.ts';
import type { Exception, Policy } from './policy.ts';
import { raisingPreset } from './presets.ts';
import { MAX_FINDINGS, MAX_FINDINGS_PER_RULE } from '../limits.ts';
import { type Code, problems } from '../catalogue/index.ts';
import type { Location } from '../finding/location.ts';
import type { Observation } from '../finding/observation.ts';
import { rejects } from '../finding/rejects.ts';
import { plural } from '../text/plural.ts';
import type { ExpectedPackage } from '../finding/expected.ts';
import { compareClaims, type Claim } from '../metadata/claims.ts';

/** The inspected package, as exceptions name it. */
interface WeighedPackage {
  /** `name@version` that the client requested, or else the one that the archive claims. */
  readonly package: string | undefined;
  readonly ecosystem: Ecosystem;
  readonly format?: Format;
  /** SHA-512 of the compressed bytes, lower-case hex. Undefined if it is deferred: then no exception holds. */
  readonly sha512: string | undefined;
}

/** The weight of one finding under a policy. `excepted` is the reason of the exception that covers it. */
interface Weight extends Pick<Finding, 'excepted' | 'exception' | 'proposed' | 'preset'> {
  readonly level: Level;
}

/** Weighs one finding. Undefined if the policy has switched the rule off. */
export function weigh(
  problem: Rule,
  entry: string | undefined,
  measure: { policy: Policy; weighedPackage: WeighedPackage },
): Weight | undefined {
  const { policy, weighedPackage } = measure;
  const { level, ...by } = weighedLevel(problem, measure);
  if (level === 'off') return undefined;
  const covers = (exception: Exception): boolean =>
    exception.rule === problem.id &&
    exception.sha512 === weighedPackage.sha512 &&
    weighedPackage.package !== undefined &&
    isSamePackage(exception.package, weighedPackage.package, weighedPackage.ecosystem) &&
    (exception.entry === undefined || exception.entry === entry) &&
    !hasExpired(exception, policy.today);
  const exception = policy.exceptions.find(covers);
  if (exception !== undefined) {
    const { reason, package: name, expires, approvedBy = 'user' } = exception;
    const appliedException = { package: name, expires, approvedBy };
    return { level, ...by, excepted: reason, exception: appliedException };
  }
  const proposal = level === 'error' ? policy.proposals?.find(covers) : undefined;
  return { level, ...by, ...(proposal && { proposed: exceptionHash(proposal) }) };
}

/** The level of a rule, and the preset that made it an error. */
function weighedLevel(
  problem: Rule,
  { policy, weighedPackage }: { policy: Policy; weighedPackage: WeighedPackage },
): { readonly level: Level | 'off' } & Pick<Finding, 'preset'> {
  if (problem.stopsReading === true) return { level: 'error' };
  const level =
    policy.levels[problem.id] ?? levelIn(weighedPackage.ecosystem, problem, weighedPackage.format);
  if (level === 'error' || policy.presets === undefined) return { level };
  const preset = raisingPreset(policy.presets, problem.id, weighedPackage.format);
  return preset === undefined ? { level } : { level: 'error', preset };
}

/** The findings of a log, weighed by a policy. */
interface WeighedFindings {
  readonly rejected: boolean;
  readonly findings: readonly Finding[];
  readonly omitted: number;
}

/**
 * Collects observations. It counts all of them, and keeps the first ones of every code. It weighs them only at the end: an
 * exception names a package, and the archive may give the name of its package last.
 */
export class FindingLog {
  readonly #keptObservations: Observation[] = [];
  readonly #perCode = new Map<Code, number>();
  /** Number of observations of each code that were counted but not kept. */
  readonly #omittedCounts = new Map<Code, number>();

  add(observation: Observation): void {
    const count = (this.#perCode.get(observation.code) ?? 0) + 1;
    this.#perCode.set(observation.code, count);
    if (count <= MAX_FINDINGS_PER_RULE && this.#keptObservations.length < MAX_FINDINGS)
      this.#keptObservations.push(observation);
    else
      this.#omittedCounts.set(
        observation.code,
        (this.#omittedCounts.get(observation.code) ?? 0) + 1,
      );
  }

  /** Weighs all observations. Only an exception for a whole rule covers observations that were not kept. */
  weigh(policy: Policy, weighedPackage: WeighedPackage): WeighedFindings {
    const findings: Finding[] = [];
    let rejected = false;
    let omitted = 0;
    for (const { code, detail, ...location } of this.#keptObservations) {
      const problem = problems[code];
      const weight = weigh(problem, location.entry, { policy, weighedPackage });
      if (weight === undefined) continue;
      rejected ||= rejects(weight);
      findings.push(findingOf(problem, weight, { detail, location }));
    }
    for (const [code, count] of this.#omittedCounts) {
      const problem = problems[code];
      const weight = weigh(problem, undefined, { policy, weighedPackage });
      if (weight === undefined) continue;
      rejected ||= rejects(weight);
      // A report always shows an exception that was used, however many other findings there are.
      if (weight.excepted !== undefined && findings.every(({ rule }) => rule !== problem.id)) {
        const detail = `${plural(count, 'finding')}, not listed`;
        findings.push(findingOf(problem, weight, { detail, location: {} }));
        continue;
      }
      // Notes past the limit are not counted as omitted.
      if (weight.level !== 'note') omitted += count;
    }
    return { rejected, findings, omitted };
  }
}

function findingOf(
  { id, code, summary }: Rule,
  weight: Weight,
  { detail, location }: { readonly detail: string; readonly location: Partial<Location> },
): Finding {
  return {
    rule: id,
    ...(code && { code }),
    ...weight,
    message: `${summary}: ${detail}`,
    ...location,
  };
}

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
  const observations = compareClaims(verdict.manifest, claims);
  if (observations.length === 0) return verdict;
  const log = new FindingLog();
  const reportedKeys = new Set<string>();
  for (const observation of observations) {
    // A lockfile often repeats the document.
    const key = JSON.stringify([observation.code, observation.detail]);
    if (!reportedKeys.has(key)) log.add(observation);
    reportedKeys.add(key);
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

/** Facts about an inspected archive, without its findings. */
export interface ArchiveToConclude {
  readonly format: Format;
  readonly ecosystem: Ecosystem;
  /** SHA-512 of the compressed bytes, in hex. */
  readonly sha512: string;
  readonly size: Pick<ArchiveFacts, 'compressedBytes' | 'unpackedBytes' | 'entries'>;
  /** The identity that the package claims. */
  readonly claimed: ManifestFacts | undefined;
  /** The identity that the client requested. Without it, the identity that the package claims counts. */
  readonly expected: ManifestFacts;
}

/** Weighs the observations in the log by a policy, and makes the verdict. */
export function conclude(log: FindingLog, policy: Policy, inspected: ArchiveToConclude): Verdict {
  const { format, ecosystem, sha512, size, claimed, expected } = inspected;
  const name = expected.name ?? claimed?.name;
  const version = expected.version ?? claimed?.version;
  const outcome = log.weigh(policy, {
    package: formatIdentity(name, version),
    sha512,
    ecosystem,
    format,
  });
  const digest = Buffer.from(sha512, 'hex').toString('base64');
  return {
    status: outcome.rejected ? 'reject' : 'accept',
    format,
    findings: outcome.findings,
    omitted: outcome.omitted,
    archive: { sha512, integrity: `sha512-${digest}`, ...size },
    ...(claimed && {
      manifest: {
        ...(claimed.name !== undefined && { name: claimed.name }),
        ...(claimed.version !== undefined && { version: claimed.version }),
        ...(claimed.declares && { declares: claimed.declares }),
      },
    }),
  };
}
