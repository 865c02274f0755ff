import { escaped } from '../../test/support/pictures/svg.ts';
import type { Report, Spread } from '../result.ts';
import { INSTALLS, waits, type ClientWaits } from './waits.ts';

const WIDTH = 820;
const LABELS = 90;
const PLOT = 560;
const BAR = 12;
const LINE = 16;
const GAP = 12;
const LEGEND = 70;
/** A longer bar is cut off here. Its number says how long it is. */
const MOST = 4;

const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #1f2328 }
  .client { font-weight: 600 }
  .bar0 { fill: #0969da }
  .bar1 { fill: #54aeff }
  .bar2 { fill: #afb8c1 }
  .spread, .even { stroke: #1f2328; stroke-width: 1 }
  .even { stroke-dasharray: 3 3 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .bar0 { fill: #1f6feb }
    .bar1 { fill: #79c0ff }
    .bar2 { fill: #6e7681 }
    .spread, .even { stroke: #e6edf3 }
  }
`;

/** Draws an SVG: for each client, the time of guarded installs divided by the time of unguarded ones. */
export function chart(report: Report): string {
  const body: string[] = [];
  let y = LEGEND;
  for (const client of waits(report)) {
    body.push(drawClient(client, y));
    y += INSTALLS.length * LINE + GAP;
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y + 10}" width="${WIDTH}" height="${y + 10}" role="img">`,
    '<title>Time of guarded installs over that of unguarded ones: shorter is faster, the dashed line is 1, thin lines go from the least to the most</title>',
    `<style>${STYLE}</style>`,
    ...drawLegend(),
    ...body,
    `<line class="even" x1="${at(1)}" x2="${at(1)}" y1="${LEGEND - 8}" y2="${y}"/>`,
    '</svg>\n',
  ].join('\n');
}

const LEGENDS = [
  'a first install: each archive is inspected',
  'a first install of archives that were inspected before',
  'nothing to fetch',
] as const;

function drawLegend(): string[] {
  return LEGENDS.flatMap((text, index) => {
    const y = 8 + index * 18;
    return [
      `<rect class="bar${index}" x="${LABELS}" y="${y}" width="${BAR}" height="${BAR}"/>`,
      `<text x="${LABELS + BAR + 8}" y="${y + 10}">${text}</text>`,
    ];
  });
}

function drawClient({ client, ratios }: ClientWaits, top: number): string {
  const bars = INSTALLS.flatMap((install, index) => {
    const ratio = ratios[install];
    return ratio === undefined ? [] : [drawBar(ratio, index, top + index * LINE)];
  });
  return [
    `<text class="client" x="${LABELS - 10}" y="${top + 11}" text-anchor="end">${escaped(client)}</text>`,
    ...bars,
  ].join('\n');
}

function drawBar(ratio: Spread, index: number, y: number): string {
  const [from, to, end] = [ratio.min, ratio.max, ratio.median].map(at) as [number, number, number];
  const middle = y + BAR / 2;
  const number = Math.max(end, to, at(1)) + 8;
  return [
    `<rect class="bar${index}" x="${LABELS}" y="${y}" width="${fixed(end - LABELS)}" height="${BAR}"/>`,
    `<line class="spread" x1="${from}" x2="${to}" y1="${middle}" y2="${middle}"/>`,
    `<text x="${fixed(number)}" y="${y + 10}">${ratio.median.toFixed(2)}</text>`,
  ].join('\n');
}

/** Where a ratio is on the axis. */
function at(ratio: number): number {
  const shown = Math.min(Math.max(Number.isFinite(ratio) ? ratio : MOST, 0), MOST);
  return fixed(LABELS + (shown / MOST) * PLOT);
}

const fixed = (value: number): number => Number(value.toFixed(1));
