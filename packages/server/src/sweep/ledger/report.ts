/* Sums up a ledger's verdicts of one rule set. */
import { printable } from '@tarwarden/core/text';
import type { Ledger } from './ledger.ts';
import {
  BY_RULE,
  BY_VERSION,
  NEW_BY_RULE,
  NEWEST,
  OPEN,
  ROWS_MAX,
  VERDICTS,
  WHY_NOT_INSPECTED,
} from './report-queries.ts';
import { inSnapshot, type Reader } from './snapshot.ts';

export interface ReportTally {
  readonly key: string;
  /** The number of less frequent values that this row adds up; absent for a single value. */
  readonly keys?: number;
  readonly count: number;
}

export interface Count extends ReportTally {
  readonly rejected: number;
  /** Accepted with findings; for a rule: archives that it does not reject. */
  readonly warned: number;
}

export interface NewlyRejected {
  readonly name: string;
  readonly version: string;
  readonly rules: readonly string[];
  readonly inspected: string;
}

/** Every text is printable. */
export interface SweepReport {
  readonly ruleset: string;
  /** An archive has a verdict for each name and version under which it was found. */
  readonly verdicts: number;
  readonly rejected: number;
  /** Verdicts that accept with findings. */
  readonly warned: number;
  /** Package versions whose archive has a verdict. */
  readonly versions: number;
  readonly notInspected: number;
  readonly outstanding: number;
  /** Archives with at least one error or warning of a rule; `rejected`: by this rule. */
  readonly byRule: readonly Count[];
  /** Package versions; years in their order. */
  readonly byYear: readonly Count[];
  /** Package versions. */
  readonly byPacker: readonly Count[];
  /** Archives that were first rejected since the given day, by any rules; without a day, all. */
  readonly newlyRejected: {
    readonly since: string | null;
    readonly archives: number;
    readonly byRule: readonly Count[];
    /** Under each of their names, the newest first. */
    readonly newest: readonly NewlyRejected[];
  };
  readonly whyNotInspected: readonly ReportTally[];
}

export interface ReportOptions {
  readonly ruleset: string;
  /** `YYYY-MM-DD`. */
  readonly since?: string | undefined;
}

interface Row extends Count {
  readonly kind: string;
  readonly place: number;
  readonly keys: number;
}

export async function reportOf(
  ledger: Ledger,
  { ruleset, since }: ReportOptions,
): Promise<SweepReport> {
  return inSnapshot(ledger, async (reader) => {
    const all = asker(reader);
    const [sums] = await all<Pick<SweepReport, 'verdicts' | 'rejected' | 'warned'>>(VERDICTS, [
      ruleset,
    ]);
    const [open] = await all<{ failed: number; outstanding: number }>(OPEN);
    const versions = await all<Row>(BY_VERSION, [ruleset]);
    const rules = await all<Row>(BY_RULE, [ruleset]);
    const asked = [ruleset, since ?? '-infinity'];
    const fresh = await all<Row>(NEW_BY_RULE, asked);
    const newest = await all<NewlyRejected>(NEWEST, asked);
    const reasons = await all<Row>(WHY_NOT_INSPECTED);
    return {
      ruleset,
      ...sums!,
      versions: sumOf(versions),
      notInspected: open!.failed,
      outstanding: open!.outstanding,
      byRule: countsIn(rules, 'rule'),
      byYear: inOrder(countsIn(versions, 'year')),
      byPacker: countsIn(versions, 'packer'),
      newlyRejected: {
        since: since ?? null,
        archives: sumOf(fresh),
        byRule: countsIn(fresh, 'rule'),
        newest: newest.map(shown),
      },
      whyNotInspected: countsIn(reasons, 'reason').map(tallyOf),
    };
  });
}

function asker(reader: Reader) {
  return async <One extends object>(text: string, values: unknown[] = []): Promise<One[]> =>
    (await reader.query<One>(text, values)).rows;
}

function sumOf(rows: readonly Row[]): number {
  return rows.find(({ kind }) => kind === 'all')?.count ?? 0;
}

function countsIn(rows: readonly Row[], kind: string): Count[] {
  return rows
    .filter((row) => row.kind === kind)
    .map(({ key, keys, place, count, rejected, warned }) => ({
      ...(place > ROWS_MAX ? { key: 'others', keys } : { key: printable(key) }),
      count,
      rejected,
      warned,
    }));
}

function tallyOf({ key, keys, count }: Count): ReportTally {
  return { key, ...(keys !== undefined && { keys }), count };
}

/** Years in order of time, then other values. */
function inOrder(counts: readonly Count[]): Count[] {
  const year = ({ key }: Count): number => (/^\d+$/.test(key) ? Number(key) : Infinity);
  return counts.toSorted((left, right) =>
    year(left) === year(right) ? 0 : year(left) - year(right),
  );
}

/** Makes texts of the ledger printable: everybody who can write to it decides what they are. */
function shown({ name, version, rules, inspected }: NewlyRejected): NewlyRejected {
  return {
    name: printable(name),
    version: printable(version),
    rules: rules.map((rule) => printable(rule)),
    inspected,
  };
}
