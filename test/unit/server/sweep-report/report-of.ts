import type { Count, SweepReport } from '../../../../packages/server/src/sweep/ledger/report.ts';

export function count(
  key: string,
  all: number,
  [rejected, warned]: [number, number] = [0, 0],
): Count {
  return { key, count: all, rejected, warned };
}

/** A ledger in which little is wrong, and what a test changes of it. */
export function reportOf(changes: Partial<SweepReport> = {}): SweepReport {
  return {
    ruleset: '9',
    verdicts: 1000,
    rejected: 2,
    warned: 30,
    versions: 1200,
    notInspected: 3,
    outstanding: 0,
    byRule: [count('duplicate-path', 30, [1, 29]), count('link-escapes', 1, [1, 0])],
    byYear: [count('2024', 500, [0, 10]), count('2025', 700, [2, 20]), count('unknown', 1)],
    byPacker: [count('npm 10', 900, [2, 0]), count('unknown', 300)],
    newlyRejected: {
      since: '2026-11-01',
      archives: 1,
      byRule: [count('link-escapes', 1, [1, 0])],
      newest: [
        { name: 'a', version: '1.0.0', rules: ['link-escapes'], inspected: '2026-11-02T00:00:00Z' },
      ],
    },
    whyNotInspected: [{ key: 'the registry answers 404', count: 3 }],
    ...changes,
  };
}
