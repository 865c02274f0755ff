import { escaped } from '../../test/support/pictures/svg.ts';
import type { Report } from '../result.ts';
import { INSTALLS, waits, waitText, type ClientWaits, type Wait } from './waits.ts';

const WIDTH = 820;
const LABELS = 80;
const PLOT = 600;
const BAR = 12;
const LINE = 16;
const GAP = 12;
const LEGEND = 92;
/** Seconds. A longer bar is cut off here. Its text says how long it is. */
const MOST = 6;

const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #1f2328 }
  .client { font-weight: 600 }
  .alone { fill: #d0d7de }
  .bar0 { fill: #0969da }
  .bar1 { fill: #54aeff }
  .bar2 { fill: #8250df }
  .axis { stroke: #afb8c1; stroke-width: 1; stroke-dasharray: 2 4 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .alone { fill: #3d444d }
    .bar0 { fill: #1f6feb }
    .bar1 { fill: #79c0ff }
    .bar2 { fill: #a371f7 }
    .axis { stroke: #656d76 }
  }
`;

/** Draws an SVG: for each client, the seconds of three kinds of installs, and those that the guard adds to them. */
export function chart(report: Report): string {
  const body: string[] = [];
  let y = LEGEND;
  for (const client of waits(report)) {
    body.push(drawClient(client, y));
    y += INSTALLS.length * LINE + GAP;
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y + 20}" width="${WIDTH}" height="${y + 20}" role="img">`,
    '<title>Seconds that a user waits for an install: without the guard in grey, and in colour those that the guard adds</title>',
    `<style>${STYLE}</style>`,
    ...drawAxis(y),
    ...drawLegend(),
    ...body,
    '</svg>\n',
  ].join('\n');
}

const LEGENDS: readonly (readonly [string, string])[] = [
  ['alone', 'the client without the guard'],
  ['bar0', 'the guard adds: first install, each archive is inspected'],
  ['bar1', 'the guard adds: first install of archives that were inspected before'],
  ['bar2', 'the guard adds: nothing to fetch'],
];

function drawLegend(): string[] {
  return LEGENDS.flatMap(([fill, text], index) => {
    const y = 8 + index * 18;
    return [
      `<rect class="${fill}" x="${LABELS}" y="${y}" width="${BAR}" height="${BAR}"/>`,
      `<text x="${LABELS + BAR + 8}" y="${y + 10}">${text}</text>`,
    ];
  });
}

/** A line for each second. */
function drawAxis(bottom: number): string[] {
  return Array.from({ length: MOST + 1 }, (_, second) => {
    const x = at(second * 1000);
    return [
      `<line class="axis" x1="${x}" x2="${x}" y1="${LEGEND - 6}" y2="${bottom}"/>`,
      `<text x="${x}" y="${bottom + 12}" text-anchor="middle">${second} s</text>`,
    ].join('\n');
  });
}

function drawClient({ client, waits: own }: ClientWaits, top: number): string {
  const bars = INSTALLS.flatMap((install, index) => {
    const wait = own[install];
    return wait === undefined ? [] : [drawBar(wait, index, top + index * LINE)];
  });
  return [
    `<text class="client" x="${LABELS - 10}" y="${top + 11}" text-anchor="end">${escaped(client)}</text>`,
    ...bars,
  ].join('\n');
}

function drawBar(wait: Wait, index: number, y: number): string {
  const [alone, guarded] = [at(wait.alone), at(Math.max(wait.guarded, wait.alone))];
  return [
    `<rect class="alone" x="${LABELS}" y="${y}" width="${fixed(alone - LABELS)}" height="${BAR}"/>`,
    `<rect class="bar${index}" x="${alone}" y="${y}" width="${fixed(guarded - alone)}" height="${BAR}"/>`,
    `<text x="${fixed(guarded + 8)}" y="${y + 10}">${waitText(wait)}</text>`,
  ].join('\n');
}

/** Where a time of some milliseconds is on the axis. */
function at(time: number): number {
  const seconds = Number.isFinite(time) ? time / 1000 : MOST;
  return fixed(LABELS + (Math.min(Math.max(seconds, 0), MOST) / MOST) * PLOT);
}

const fixed = (value: number): number => Number(value.toFixed(1));
