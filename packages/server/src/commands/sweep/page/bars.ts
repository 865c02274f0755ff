import type { ReportTally } from '../../../sweep/ledger/report.ts';
import { markup, NOTHING, type Markup } from '../../../browser/markup.ts';

/** A part of a bar; the class is its colour. */
export interface Segment {
  readonly class: 'clean' | 'warned' | 'rejected' | 'plain';
  readonly value: number;
}

export interface Bar {
  readonly label: string;
  /** Shown after the bar. */
  readonly note: string;
  readonly segments: readonly Segment[];
}

export interface Chart {
  readonly id: string;
  readonly title: string;
  /** Describes the chart for readers who do not see it. */
  readonly description: string;
}

export const WIDTH = 960;
const LABELS = 240;
const PLOT = 350;
const LINE = 26;
const THICK = 16;
const LABEL_CHARS = 32;

/** The first rows, and one row for the sum of all others. */
export function shortened<Row extends ReportTally>(
  rows: readonly Row[],
  most: number,
  sum: (rest: readonly Row[]) => Row,
): Row[] {
  if (rows.length <= most) return [...rows];
  const rest = rows.slice(most - 1);
  const keys = rest.reduce((all, row) => all + (row.keys ?? 1), 0);
  return [...rows.slice(0, most - 1), { ...sum(rest), key: 'others', keys }];
}

export function tallyLabel({ key, keys }: ReportTally): string {
  return keys === undefined ? key : `${keys.toLocaleString('en-US')} others`;
}

/** Horizontal bars of segments, on one scale. */
export function barChart({ id, title, description }: Chart, bars: readonly Bar[]): Markup {
  const height = bars.length * LINE + 8;
  const most = Math.max(1, ...bars.map(({ segments }) => sumOf(segments)));
  return svg({ id, title, description, height }, [
    markup`<line class="axis" x1="${LABELS}" x2="${LABELS}" y1="0" y2="${height}"/>`,
    ...bars.map((bar, at) => row(bar, 4 + at * LINE, PLOT / most)),
  ]);
}

function row({ label, note, segments }: Bar, y: number, scale: number): Markup {
  const shown = label.length > LABEL_CHARS ? `${label.slice(0, LABEL_CHARS - 1)}…` : label;
  const end = LABELS + Math.max(sumOf(segments) * scale, 1);
  return markup`<g><title>${label}: ${note}</title>
<text class="label" x="${LABELS - 10}" y="${y + 13}">${shown}</text>
${segmentsAt(segments, { y, scale })}
<text class="note" x="${fixed(end + 8)}" y="${y + 13}">${note}</text></g>`;
}

function segmentsAt(
  segments: readonly Segment[],
  { y, scale }: { readonly y: number; readonly scale: number },
): Markup[] {
  let x = LABELS;
  return segments.map(({ class: name, value }) => {
    if (value === 0) return NOTHING;
    // A part that is not empty is visible, however small it is.
    const width = Math.max(value * scale, 1);
    const part = markup`<rect class="${name}" x="${fixed(x)}" y="${y}" width="${fixed(width)}" height="${THICK}"/>`;
    x += width;
    return part;
  });
}

export function svg(
  { id, title, description, height }: Chart & { readonly height: number },
  body: readonly Markup[],
): Markup {
  return markup`<div class="chart"><svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="${id}-title ${id}-text">
<title id="${id}-title">${title}</title>
<desc id="${id}-text">${description}</desc>
${body}
</svg></div>`;
}

export function sumOf(segments: readonly Segment[]): number {
  return segments.reduce((sum, { value }) => sum + value, 0);
}

export const fixed = (value: number): number => Number(value.toFixed(1));
