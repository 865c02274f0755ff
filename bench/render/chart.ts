import { escaped } from '../../test/support/pictures/svg.ts';
import type { Report, Row, Spread } from '../result.ts';

/** A bar of the chart: a ratio, and what is compared. */
interface Bar {
  readonly label: string;
  readonly ratio: Spread;
  /** The bar is tarwarden's, and not that of a compared program. */
  readonly own: boolean;
}

interface Block {
  readonly heading: string;
  readonly bars: readonly Bar[];
}

const WIDTH = 820;
const LABELS = 330;
const PLOT = 400;
const LINE = 22;
const HEADING = 42;
/** A longer bar is cut off here. Its number says how long it is. */
const MOST = 4;

const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .heading { font-weight: 600 }
  .other { fill: #8c959f }
  .own { fill: #0969da }
  .spread, .one { stroke: #1f2328; stroke-width: 1 }
  .one { stroke-dasharray: 3 3 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .other { fill: #6e7681 }
    .own { fill: #4493f8 }
    .spread, .one { stroke: #e6edf3 }
  }
`;

/** An SVG of the ratios of a report: the core beside other readers, then installs over unguarded ones. */
export function chart(report: Report): string {
  const blocks = blocksOf(report).filter(({ bars }) => bars.length > 0);
  const body: string[] = [];
  let y = 10;
  for (const block of blocks) {
    body.push(drawBlock(block, y));
    y += HEADING + block.bars.length * LINE + 14;
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" width="${WIDTH}" height="${y}" role="img">`,
    '<title>Time as ratios: shorter is faster, the dashed line is 1, thin lines go from the least to the most</title>',
    `<style>${STYLE}</style>`,
    ...body,
    '</svg>\n',
  ].join('\n');
}

function blocksOf(report: Report): Block[] {
  const core = report['core']?.rows ?? [];
  const base = core[0]?.over;
  // A row that is compared with a guarded run is not an install compared with an unguarded one.
  const installs = Object.values(report).flatMap(({ rows }) =>
    rows.filter(
      ({ unit, speed, over, packages }) =>
        // A row with a number of packages is an audit, which has no unguarded counterpart.
        unit === 'wall ms' &&
        over !== undefined &&
        over !== 'guarded' &&
        !speed &&
        packages === undefined,
    ),
  );
  const groups = [...new Set(installs.map(({ group }) => group))];
  return [
    {
      heading: `Processor time over ${base ?? ''}, ${core[0]?.group ?? ''}`,
      bars: core
        .filter(({ group, over }) => group === core[0]?.group && over === base)
        .flatMap((row) => bar(row, row.name.startsWith('tarwarden'))),
    },
    ...groups.map((group) => ({
      heading: `${group}: time over unguarded`,
      bars: installs
        .filter((row) => row.group === group)
        .flatMap((row) => bar(row, row.name.startsWith('guarded'))),
    })),
  ];
}

function bar({ name, ratio }: Row, own: boolean): Bar[] {
  return ratio === undefined ? [] : [{ label: name, ratio, own }];
}

function drawBlock({ heading, bars }: Block, top: number): string {
  const bottom = top + HEADING + bars.length * LINE;
  const unit = at(1);
  return [
    `<text class="heading" x="10" y="${top + 20}">${escaped(heading)}</text>`,
    ...bars.map((each, index) => drawBar(each, top + HEADING + index * LINE)),
    `<line class="one" x1="${unit}" x2="${unit}" y1="${top + HEADING - 8}" y2="${bottom}"/>`,
  ].join('\n');
}

function drawBar({ label, ratio, own }: Bar, y: number): string {
  const [from, to, end] = [ratio.min, ratio.max, ratio.median].map(at) as [number, number, number];
  const middle = y + 7;
  const number = Math.max(end, to, at(1)) + 8;
  return [
    `<text x="${LABELS - 10}" y="${y + 12}" text-anchor="end">${escaped(label)}</text>`,
    `<rect class="${own ? 'own' : 'other'}" x="${LABELS}" y="${y}" width="${fixed(end - LABELS)}" height="14"/>`,
    `<line class="spread" x1="${from}" x2="${to}" y1="${middle}" y2="${middle}"/>`,
    `<text x="${fixed(number)}" y="${y + 12}">${ratio.median.toFixed(2)}</text>`,
  ].join('\n');
}

/** Where a ratio is on the axis. */
function at(ratio: number): number {
  const shown = Math.min(Math.max(Number.isFinite(ratio) ? ratio : MOST, 0), MOST);
  return fixed(LABELS + (shown / MOST) * PLOT);
}

const fixed = (value: number): number => Number(value.toFixed(1));
