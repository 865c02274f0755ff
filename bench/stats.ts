/** Median, least and most of several measurements. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Summary of at least one measurement. */
export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median =
    sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { median, min: sorted[0]!, max: sorted.at(-1)! };
}

/** `a / b` round by round: both were measured one after the other, so that a slow moment of the machine hits both. */
export function ratios(a: readonly number[], b: readonly number[]): Spread {
  return spread(a.map((value, round) => value / b[round]!));
}

/** `median (min–max)` with two decimals. */
export function shown({ median, min, max }: Spread, unit = ''): string {
  return `${median.toFixed(2)}${unit} (${min.toFixed(2)}–${max.toFixed(2)})`;
}

/** Rows as a Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
