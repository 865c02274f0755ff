/* Draws how the seconds that the guard adds to an install grow with the packages of the project, on two logarithmic axes. */
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
const [Y_LEAST, Y_MOST] = [0.01, 10];

const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #1f2328 }
  .axis { stroke: #afb8c1; stroke-width: 1; stroke-dasharray: 2 4 }
  .line { fill: none; stroke-width: 2 }
  .client0 { stroke: #0969da }
  .client1 { stroke: #bf8700 }
  .client2 { stroke: #8250df }
  .warm { stroke-dasharray: 6 4 }
  .linear { stroke: #656d76; stroke-width: 1 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .axis { stroke: #656d76 }
    .client0 { stroke: #4493f8 }
    .client1 { stroke: #d29922 }
    .client2 { stroke: #a371f7 }
  }
`;

interface Line {
  readonly client: string;
  readonly scene: 'cold' | 'warm';
  /** Packages, and the seconds that the guard adds. */
  readonly points: readonly (readonly [packages: number, seconds: number])[];
}

const GROUP = /^growth: (.+), (\d+) packages.*, (cold|warm)$/;

/** Draws an SVG from the part `growth` of a report. */
export function growthChart(report: Report): string {
  const lines = linesOf(report);
  const clients = [...new Set(lines.map(({ client }) => client))];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img">`,
    '<title>Seconds that the guard adds to an install, by the packages of the project; both axes are logarithmic, and the thin line grows with the packages</title>',
    `<style>${STYLE}</style>`,
    ...[100, 500, 2000, 5000].map((packages) => tick(packages, 'x')),
    ...[0.01, 0.1, 1, 10].map((seconds) => tick(seconds, 'y')),
    `<text x="${(LEFT + RIGHT) / 2}" y="${BOTTOM + 38}" text-anchor="middle">packages</text>`,
    `<line class="linear" x1="${x(X_LEAST)}" y1="${y(0.02)}" x2="${x(X_MOST)}" y2="${y(1)}"/>`,
    ...lines.map((line) => drawLine(line, clients.indexOf(line.client))),
    '</svg>\n',
  ].join('\n');
}

function linesOf(report: Report): Line[] {
  const { rows } = report['growth'] ?? { rows: [] };
  const points = new Map<string, [number, number][]>();
  for (const { group, name, time } of rows) {
    const [, client, packages, scene] = GROUP.exec(group) ?? [];
    const alone = rows.find((row) => row.group === group)?.time.median;
    if (name !== 'guarded' || client === undefined || alone === undefined) continue;
    const key = `${client}\n${scene}`;
    const added: [number, number] = [Number(packages), (time.median - alone) / 1000];
    points.set(key, [...(points.get(key) ?? []), added]);
  }
  return [...points].map(([key, own]) => {
    const [client = '', scene] = key.split('\n');
    return { client, scene: scene as Line['scene'], points: own };
  });
}

function drawLine({ client, scene, points }: Line, index: number): string {
  const path = points.map(([packages, seconds]) => `${x(packages)},${y(seconds)}`).join(' ');
  const [packages, seconds] = points.at(-1) ?? [X_MOST, Y_LEAST];
  const text = `${client}, ${scene}: ${seconds.toFixed(2)} s`;
  return [
    `<polyline class="line client${index} ${scene}" points="${path}"/>`,
    `<text x="${x(packages) + 8}" y="${y(seconds) + 4}">${escaped(text)}</text>`,
  ].join('\n');
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
