import { MAX_FINDINGS, MAX_FINDINGS_PER_RULE } from '../limits.ts';
import type { WeighedPackage, Weight } from './weigh.ts';
import { weigh } from './weigh.ts';
import type { Policy } from './policy.ts';
import type { Code } from '../catalogue/index.ts';
import { problems } from '../catalogue/index.ts';
import type { Location } from '../finding/location.ts';
import type { Observation } from '../finding/observation.ts';
import { rejects } from '../finding/rejects.ts';
import type { Finding } from '../finding/verdict.ts';
import type { Rule } from '../rules/rule.ts';
import { plural } from '../text/plural.ts';

/** The findings of a log, weighed by a policy. */
export interface WeighedFindings {
  readonly rejected: boolean;
  readonly findings: readonly Finding[];
  readonly omitted: number;
}

/**
 * Collects observations. It counts all of them, and keeps the first ones of every code. It weighs them only at the end: an
 * exception names a package, and the archive may give the name of its package last.
 */
export class FindingLog {
  readonly #kept: Observation[] = [];
  readonly #perCode = new Map<Code, number>();
  /** Number of observations of each code that were counted but not kept. */
  readonly #beyond = new Map<Code, number>();

  add(observation: Observation): void {
    const count = (this.#perCode.get(observation.code) ?? 0) + 1;
    this.#perCode.set(observation.code, count);
    if (count <= MAX_FINDINGS_PER_RULE && this.#kept.length < MAX_FINDINGS)
      this.#kept.push(observation);
    else this.#beyond.set(observation.code, (this.#beyond.get(observation.code) ?? 0) + 1);
  }

  /** Weighs all observations. Only an exception for a whole rule covers observations that were not kept. */
  weigh(policy: Policy, subject: WeighedPackage): WeighedFindings {
    const findings: Finding[] = [];
    let rejected = false;
    let omitted = 0;
    for (const { code, detail, ...where } of this.#kept) {
      const problem = problems[code];
      const weight = weigh(problem, where.entry, { policy, subject });
      if (weight === undefined) continue;
      rejected ||= rejects(weight);
      findings.push(findingOf(problem, weight, { detail, where }));
    }
    for (const [code, count] of this.#beyond) {
      const problem = problems[code];
      const weight = weigh(problem, undefined, { policy, subject });
      if (weight === undefined) continue;
      rejected ||= rejects(weight);
      // A report always shows an exception that was used, however many other findings there are.
      if (weight.excepted !== undefined && findings.every(({ rule }) => rule !== problem.id)) {
        const detail = `${plural(count, 'finding')}, not listed`;
        findings.push(findingOf(problem, weight, { detail, where: {} }));
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
  { detail, where }: { readonly detail: string; readonly where: Partial<Location> },
): Finding {
  return { rule: id, ...(code && { code }), ...weight, message: `${summary}: ${detail}`, ...where };
}
