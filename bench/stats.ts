import type { Goal, Row, Spread } from './result.ts';

/** Summary of at least one measurement. */
export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const [min, max] = [sorted[0], sorted.at(-1)];
  if (min === undefined || max === undefined) throw new RangeError('nothing was measured');
  const middle = sorted.length >> 1;
  const median =
    sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { median: rounded(median), min: rounded(min), max: rounded(max) };
}

/** `a / b` round by round: both were measured one after the other, so that a slow moment of the machine hits both. */
export function ratios(a: readonly number[], b: readonly number[]): Spread {
  if (a.length !== b.length) throw new RangeError('not measured in the same rounds');
  return spread(a.map((value, round) => value / b[round]!));
}

/** Four digits are more than any of it is worth. */
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

/** Whether a row is what was asked for; nothing where nothing was, or where it was not measured. */
export function reached(row: Row): boolean | undefined {
  if (row.goal === undefined) return undefined;
  const value = valueFor(row, row.goal.of);
  if (value === undefined) return undefined;
  const { most = Infinity, least = -Infinity } = row.goal;
  return value <= most && value >= least;
}

function valueFor(row: Row, statistic: Goal['of']): number | undefined {
  if (statistic === 'time') return row.time.median;
  if (statistic === 'ratio') return (row.ratio ?? row.speed)?.median;
  return row.peakBytes === undefined ? undefined : row.peakBytes - (row.fileBytes ?? 0);
}
