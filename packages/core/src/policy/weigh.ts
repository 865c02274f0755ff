import type { Ecosystem, Format } from '../finding/format.ts';
import type { Finding, Level } from '../finding/verdict.ts';
import { levelIn } from '../rules/levels.ts';
import type { Rule } from '../rules/rule.ts';
import { exceptionHash } from './approval.ts';
import { hasExpired } from './exceptions.ts';
import { isSamePackage } from './package-identity.ts';
import type { Exception, Policy } from './policy.ts';
import { raisingPreset } from './presets.ts';

/** The inspected package, as exceptions name it. */
export interface WeighedPackage {
  /** `name@version` that the client requested, or else the one that the archive claims. */
  readonly package: string | undefined;
  readonly ecosystem: Ecosystem;
  readonly format?: Format;
  /** SHA-512 of the compressed bytes, lower-case hex. Undefined if it is deferred: then no exception holds. */
  readonly sha512: string | undefined;
}

/** The weight of one finding under a policy. `excepted` is the reason of the exception that covers it. */
export interface Weight extends Pick<Finding, 'excepted' | 'exception' | 'proposed' | 'preset'> {
  readonly level: Level;
}

/** Weighs one finding. Undefined if the policy has switched the rule off. */
export function weigh(
  problem: Rule,
  entry: string | undefined,
  measure: { policy: Policy; subject: WeighedPackage },
): Weight | undefined {
  const { policy, subject } = measure;
  const { level, ...by } = weighedLevel(problem, measure);
  if (level === 'off') return undefined;
  const covers = (exception: Exception): boolean =>
    exception.rule === problem.id &&
    exception.sha512 === subject.sha512 &&
    subject.package !== undefined &&
    isSamePackage(exception.package, subject.package, subject.ecosystem) &&
    (exception.entry === undefined || exception.entry === entry) &&
    !hasExpired(exception, policy.today);
  const exception = policy.exceptions.find(covers);
  if (exception !== undefined) {
    const { reason, package: name, expires, approvedBy = 'user' } = exception;
    const used = { package: name, expires, approvedBy };
    return { level, ...by, excepted: reason, exception: used };
  }
  const proposal = level === 'error' ? policy.proposals?.find(covers) : undefined;
  return { level, ...by, ...(proposal && { proposed: exceptionHash(proposal) }) };
}

/** The level of a rule, and the preset that made it an error. */
function weighedLevel(
  problem: Rule,
  { policy, subject }: { policy: Policy; subject: WeighedPackage },
): { readonly level: Level | 'off' } & Pick<Finding, 'preset'> {
  if (problem.stopsReading === true) return { level: 'error' };
  const level = policy.levels[problem.id] ?? levelIn(subject.ecosystem, problem, subject.format);
  if (level === 'error' || policy.presets === undefined) return { level };
  const preset = raisingPreset(policy.presets, problem.id, subject.format);
  return preset === undefined ? { level } : { level: 'error', preset };
}
