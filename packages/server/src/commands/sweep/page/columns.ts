import { fixed, sumOf, svg, WIDTH, type Chart, type Segment } from './bars.ts';
import { markup, NOTHING, type Markup } from '../../../browser/markup.ts';
import { stepFor } from './numbers.ts';

export interface ChartColumn {
  readonly label: string;
  /** Shown under the pointer. */
  readonly note: string;
  /** The segments from below. */
  readonly segments: readonly Segment[];
}

export interface Axis {
  readonly unit: string;
  readonly mark: (value: number) => string;
}

const LEFT = 70;
const TOP = 26;
const PLOT = 180;
const BOTTOM = 26;
const MARKS = 4;
/** Width of a column. */
const WIDEST = 56;
/** Width of a year under a column, with the room around it. */
const LABEL_WIDTH = 44;

/** Columns of segments on one scale, in the order of time. */
export function columnChart(chart: Chart, columns: readonly ChartColumn[], axis: Axis): Markup {
  const most = Math.max(...columns.map(({ segments }) => sumOf(segments)));
  const step = stepFor(most > 0 ? most : 1, MARKS);
  const marks = Array.from(
    { length: Math.max(1, Math.ceil(most / step - 1e-9)) + 1 },
    (_, at) => at * step,
  );
  const scale = PLOT / marks.at(-1)!;
  const room = (WIDTH - LEFT - 10) / columns.length;
  const each = Math.ceil(LABEL_WIDTH / room);
  const shapes = columns.map((column, at) => {
    const middle = LEFT + (at + 0.5) * room;
    const width = Math.min(room * 0.72, WIDEST);
    const label =
      at % each === 0
        ? markup`<text class="year" x="${fixed(middle)}" y="${TOP + PLOT + 18}">${column.label}</text>`
        : NOTHING;
    return markup`<g><title>${column.label}: ${column.note}</title>
${stacked(column.segments, { x: middle - width / 2, width, scale })}
${label}</g>`;
  });
  return svg({ ...chart, height: TOP + PLOT + BOTTOM }, [
    markup`<text class="unit" x="0" y="12">${axis.unit}</text>`,
    ...marks.map((value) => line(TOP + PLOT - value * scale, axis.mark(value))),
    ...shapes,
  ]);
}

function line(y: number, label: string): Markup {
  return markup`<line class="grid" x1="${LEFT}" x2="${WIDTH}" y1="${fixed(y)}" y2="${fixed(y)}"/>
<text class="label" x="${LEFT - 8}" y="${fixed(y + 4)}">${label}</text>`;
}

function stacked(
  segments: readonly Segment[],
  { x, width, scale }: { readonly x: number; readonly width: number; readonly scale: number },
): Markup[] {
  let bottom = TOP + PLOT;
  return segments.map(({ class: name, value }) => {
    if (value === 0) return NOTHING;
    const height = Math.max(value * scale, 1);
    bottom -= height;
    return markup`<rect class="${name}" x="${fixed(x)}" y="${fixed(bottom)}" width="${fixed(width)}" height="${fixed(height)}"/>`;
  });
}
