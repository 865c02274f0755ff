import type { Level } from '../../finding/verdict.ts';

/** Results of one run that GitHub takes; it shows 5,000. */
export const MAX_RESULTS = 25_000;

const WEIGHT: Readonly<Record<Level, number>> = { error: 2, warning: 1, note: 0 };

/** How bad something is: by its level first, among equals by the severity of its rule. */
export interface ResultSeverity {
  readonly level: Level;
  readonly severity: number;
}

/** The same, the worst first, else in their order: what is cut off is then the least severe. */
export function worstFirst<T>(list: readonly T[], severityOf: (item: T) => ResultSeverity): T[] {
  return list
    .map((item) => ({ item, ...severityOf(item) }))
    .toSorted((a, b) => WEIGHT[b.level] - WEIGHT[a.level] || b.severity - a.severity)
    .map(({ item }) => item);
}
