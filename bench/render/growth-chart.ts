/* Draws how the seconds of installs grow with the packages of the project, with and without the guard, on two logarithmic axes. */
import { escaped } from '../../test/support/pictures/svg.ts';
import type { Report } from '../result.ts';

const WIDTH = 820;
const HEIGHT = 420;
const LEFT = 70;
const RIGHT = 640;
const TOP = 20;
const BOTTOM = 370;
const [X_LEAST, X_MOST] = [100, 5000];
/** Seconds. */
const [Y_LEAST, Y_MOST] = [0.03, 30];
/** Pixels between two labels. */
const LABEL_LINE = 14;

const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #1f2328 }
  .axis { stroke: #afb8c1; stroke-width: 1; stroke-dasharray: 2 4 }
  .line { fill: none; stroke-width: 2.5 }
  .alone { stroke-width: 1 }
  .client0 { stroke: #0969da }
  .client1 { stroke: #bf8700 }
  .client2 { stroke: #8250df }
  .warm { stroke-dasharray: 6 4 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .axis { stroke: #656d76 }
    .client0 { stroke: #4493f8 }
    .client1 { stroke: #d29922 }
    .client2 { stroke: #a371f7 }
  }
`;

type Point = readonly [packages: number, alone: number, guarded: number];

interface Line {
  readonly client: string;
  readonly scene: 'cold' | 'warm';
  /** Packages, and the seconds of an install without and with the guard. */
  readonly points: readonly Point[];
}

const GROUP = /^growth: (.+), (\d+) packages.*, (cold|warm)$/;

/** Draws an SVG from the part `growth` of a report. */
export function growthChart(report: Report): string {
  const lines = linesOf(report);
  const clients = [...new Set(lines.map(({ client }) => client))];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img">`,
    '<title>Seconds of installs by the packages of the project, with the guard in thick lines and without in thin ones; both axes are logarithmic</title>',
    `<style>${STYLE}</style>`,
    ...[100, 500, 2000, 5000].map((packages) => tick(packages, 'x')),
    ...[0.1, 1, 10].map((seconds) => tick(seconds, 'y')),
    `<text x="${(LEFT + RIGHT) / 2}" y="${BOTTOM + 38}" text-anchor="middle">packages</text>`,
    ...lines.map((line) => drawLine(line, clients.indexOf(line.client))),
    ...drawLabels(lines),
    '</svg>\n',
  ].join('\n');
}

function linesOf(report: Report): Line[] {
  const { rows } = report['growth'] ?? { rows: [] };
  const points = new Map<string, Point[]>();
  for (const { group, name, time } of rows) {
    const [, client, packages, scene] = GROUP.exec(group) ?? [];
    const alone = rows.find((row) => row.group === group)?.time.median;
    if (name !== 'guarded' || client === undefined || alone === undefined) continue;
    const key = `${client}\n${scene}`;
    const point: Point = [Number(packages), alone / 1000, time.median / 1000];
    points.set(key, [...(points.get(key) ?? []), point]);
  }
  return [...points].map(([key, own]) => {
    const [client = '', scene] = key.split('\n');
    return { client, scene: scene as Line['scene'], points: own };
  });
}

function drawLine({ scene, points }: Line, index: number): string {
  const path = (at: 1 | 2): string =>
    points.map((point) => `${x(point[0])},${y(point[at])}`).join(' ');
  return [
    `<polyline class="line alone client${index} ${scene}" points="${path(1)}"/>`,
    `<polyline class="line client${index} ${scene}" points="${path(2)}"/>`,
  ].join('\n');
}

/** The seconds at the end of each line: with the guard, and without. No label covers another one. */
function drawLabels(lines: readonly Line[]): string[] {
  const labels = lines.map(({ client, scene, points }) => {
    const [, alone = Y_LEAST, guarded = Y_LEAST] = points.at(-1) ?? [];
    const text = `${client}, ${scene}: ${guarded.toFixed(2)} s (${alone.toFixed(2)})`;
    return { text, height: y(guarded) };
  });
  let above = 0;
  return labels
    .toSorted((a, b) => a.height - b.height)
    .map(({ text, height }) => {
      above = Math.max(height, above + LABEL_LINE);
      return `<text x="${RIGHT + 8}" y="${above + 4}">${escaped(text)}</text>`;
    });
}

function tick(value: number, axis: 'x' | 'y'): string {
  return axis === 'x'
    ? `<line class="axis" x1="${x(value)}" x2="${x(value)}" y1="${TOP}" y2="${BOTTOM}"/>\n<text x="${x(value)}" y="${BOTTOM + 18}" text-anchor="middle">${value}</text>`
    : `<line class="axis" x1="${LEFT}" x2="${RIGHT}" y1="${y(value)}" y2="${y(value)}"/>\n<text x="${LEFT - 8}" y="${y(value) + 4}" text-anchor="end">${value} s</text>`;
}

const x = (packages: number): number => place(packages, [X_LEAST, X_MOST], [LEFT, RIGHT]);
const y = (seconds: number): number => place(seconds, [Y_LEAST, Y_MOST], [BOTTOM, TOP]);

/** Where a value is between two ends of a logarithmic axis. A value outside is drawn at the nearer end. */
function place(
  value: number,
  [least, most]: readonly [number, number],
  [from, to]: readonly [number, number],
): number {
  const inside = Math.min(Math.max(Number.isNaN(value) ? least : value, least), most);
  const share = Math.log(inside / least) / Math.log(most / least);
  return Number((from + share * (to - from)).toFixed(1));
}
