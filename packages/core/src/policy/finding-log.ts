import { MAX_FINDINGS, MAX_FINDINGS_PER_RULE } from '../limits.ts';
import type { WeighedPackage } from './weigh.ts';
import { weigh } from './weigh.ts';
import type { Policy } from './policy.ts';
import type { RuleId } from '../catalogue/index.ts';
import { rules } from '../catalogue/index.ts';
import type { Observation } from '../finding/observation.ts';
import { rejects } from '../finding/rejects.ts';
import type { Finding } from '../finding/verdict.ts';
import { plural } from '../text/plural.ts';

/** The findings of a log, weighed by a policy. */
export interface WeighedFindings {
  readonly rejected: boolean;
  readonly findings: readonly Finding[];
  readonly omitted: number;
}

/**
 * Collects observations. It counts all of them, and keeps the first ones of every rule. It weighs them only at the end: an
 * exception names a package, and the archive may give the name of its package last.
 */
export class FindingLog {
  readonly #kept: Observation[] = [];
  readonly #perRule = new Map<RuleId, number>();
  /** Number of observations of each rule that were counted but not kept. */
  readonly #beyond = new Map<RuleId, number>();

  add(observation: Observation): void {
    const count = (this.#perRule.get(observation.rule) ?? 0) + 1;
    this.#perRule.set(observation.rule, count);
    if (count <= MAX_FINDINGS_PER_RULE && this.#kept.length < MAX_FINDINGS)
      this.#kept.push(observation);
    else this.#beyond.set(observation.rule, (this.#beyond.get(observation.rule) ?? 0) + 1);
  }

  /** Weighs all observations. Only an exception for a whole rule covers observations that were not kept. */
  weigh(policy: Policy, subject: WeighedPackage): WeighedFindings {
    const findings: Finding[] = [];
    let rejected = false;
    let omitted = 0;
    for (const { rule, detail, ...where } of this.#kept) {
      const weight = weigh(rule, where.entry, { policy, subject });
      if (weight === undefined) continue;
      rejected ||= rejects(weight);
      findings.push({ rule, ...weight, message: `${rules[rule].summary}: ${detail}`, ...where });
    }
    for (const [rule, count] of this.#beyond) {
      const weight = weigh(rule, undefined, { policy, subject });
      if (weight === undefined) continue;
      rejected ||= rejects(weight);
      // A report always shows an exception that was used, however many other findings there are.
      if (weight.excepted !== undefined && findings.every((finding) => finding.rule !== rule)) {
        const message = `${rules[rule].summary}: ${plural(count, 'finding')}, not listed`;
        findings.push({ rule, ...weight, message });
        continue;
      }
      // Notes past the limit are not counted as omitted.
      if (weight.level !== 'note') omitted += count;
    }
    return { rejected, findings, omitted };
  }
}
