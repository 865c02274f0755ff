import type { Level } from '../../finding/verdict.ts';

/** Results of one run that GitHub accepts. It shows 5,000. */
export const MAX_RESULTS = 25_000;

const WEIGHT: Readonly<Record<Level, number>> = { error: 2, warning: 1, note: 0 };

/** The severity of a result: its level first, and then the severity of its rule. */
export interface ResultSeverity {
  readonly level: Level;
  readonly severity: number;
}

/** Sorts a list by severity, the worst first, so that the least severe items are cut off. Equal items keep their order. */
export function worstFirst<T>(list: readonly T[], severityOf: (item: T) => ResultSeverity): T[] {
  return list
    .map((item) => ({ item, ...severityOf(item) }))
    .toSorted((a, b) => WEIGHT[b.level] - WEIGHT[a.level] || b.severity - a.severity)
    .map(({ item }) => item);
}
