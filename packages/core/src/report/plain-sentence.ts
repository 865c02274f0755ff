/* Finds the sentence of a verdict, and the order of its rules. */
import type { RuleId } from '../finding/rule-id.ts';
import { plainSentences } from '../rules/plain-sentences.ts';

/** The rules of a verdict, worst first: in the order of {@link plainSentences}. Each rule is listed once. */
export function worstRulesFirst(found: readonly RuleId[]): readonly RuleId[] {
  const all = new Set(found);
  return plainSentences.flatMap(([, rules]) => rules.filter((rule) => all.has(rule)));
}

/** The sentence for the worst of these rules. Undefined if there is no rule. */
export function plainSentence(found: readonly RuleId[]): string | undefined {
  return plainSentences.find(([, rules]) => rules.some((rule) => found.includes(rule)))?.[0];
}
