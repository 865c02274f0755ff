import type { RuleId } from '../finding/rule-id.ts';
import type { Rule } from '../rules/rule.ts';
import { allRules } from './all.ts';

export type { RuleId };

/** The catalogue: every rule of every format, by its id. */
export const rules: Readonly<Record<RuleId, Rule>> = Object.fromEntries(
  allRules.map((rule) => [rule.id, rule]),
) as Record<RuleId, Rule>;
