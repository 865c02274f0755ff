/** The picture "what the demo prints", of a recording that `pnpm pictures --measure` made of the real one. */
import { WIDTH, escaped, rect, svg, text } from './svg.ts';

export interface Recording {
  /** What was typed. */
  readonly command: string;
  /** The day. */
  readonly date: string;
  /** What came at once, and after how many seconds. */
  readonly bursts: readonly { readonly after: number; readonly text: string }[];
}

/** Of the window. Longer lines are wrapped, as a terminal does. */
const COLUMNS = 102;
/** How far in a continued row begins, at most. */
const INDENT = 8;
const ROWS = 35;
const LEADING = 17;
/** Of a row above its line of writing. */
const ASCENT = 13;
const LEFT = 24;
const BAR = 36;

/** Seconds: typing; the shortest and longest pause, so that one can read and need not wait; the last screen. */
const TYPING = 1.5;
const LEAST = 0.8;
const MOST = 3;
const LAST = 8;

/** Ports, folders and times are others on each machine. */
const MASKS: readonly [RegExp, string][] = [
  [/(?<=http:\/\/127\.0\.0\.1:)\d+/g, '…'],
  [/(?<=: )\S*\/tarwarden-demo-\S+/g, '…'],
  [/(?<=packages in )[\d.]+ ?m?s\b/g, '…'],
  [/(?<=took )[\d.]+ s\b/g, '…'],
];

/** What a recording keeps of a text: nothing of the machine. */
export function masked(raw: string): string {
  return MASKS.reduce((kept, [what, by]) => kept.replaceAll(what, by), raw);
}

/** A terminal is dark in both schemes. */
const coloured = (): string => `
.window { fill: #0d1117; stroke: #3d444d }
.bar { fill: #151b23 }
.dot { fill: #3d444d }
.curtain { fill: #0d1117 }
.row { font: 12px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #d1d7e0; white-space: pre }
.name { fill: #9198a1 }
.typed { fill: #f0f6fc; font-weight: 600 }
.good { fill: #56d364 }
.bad { fill: #ff7b72 }
.step { fill: #79b8ff; font-weight: 600 }
`;

interface Screen {
  /** Rows that are there. */
  readonly rows: number;
  /** Seconds that they stay. */
  readonly stays: number;
}

export function recording({ command, bursts }: Recording): string {
  const rows = [`$ ${command}`];
  const screens: Screen[] = [{ rows: 1, stays: TYPING }];
  bursts.forEach(({ after, text: burst }, at) => {
    const last = screens.at(-1);
    if (last !== undefined && at > 0)
      screens[screens.length - 1] = { ...last, stays: Math.min(Math.max(after, LEAST), MOST) };
    rows.push(...burst.split('\n').flatMap(wrapped));
    screens.push({ rows: rows.length, stays: LAST });
  });
  const top = BAR + 20;
  const height = top + ROWS * LEADING + 4;
  const up = Math.max(0, rows.length - ROWS) * LEADING;
  return svg({
    title: 'The demo in a terminal',
    description: `A recording of ${command}. ${rows.slice(1).join(' ').replaceAll(/\s+/g, ' ')}`,
    height,
    coloured,
    style: moves(screens),
    body: [
      rect('window', { x: 0.5, y: 0.5, width: WIDTH - 1, height: height - 1 }, 8),
      `<clipPath id="glass"><rect x="1" y="${top - ASCENT}" width="${WIDTH - 2}" height="${ROWS * LEADING}"/></clipPath>`,
      `<g clip-path="url(#glass)"><g class="roll" transform="translate(0 ${-up})">`,
      ...rows.map((row, at) => line(row, top + at * LEADING)),
      `<rect class="curtain" x="1" y="${top + rows.length * LEADING - ASCENT}" width="${WIDTH - 2}" height="${rows.length * LEADING}"/>`,
      '</g></g>',
      ...[20, 38, 56].map((x) => `<circle class="dot" cx="${x}" cy="${BAR / 2}" r="5"/>`),
      text('name middle', [WIDTH / 2, BAR / 2 + 5], command),
    ],
  });
}

/** Between words, and further in than the first row; what has no space is cut. */
function wrapped(whole: string): string[] {
  if (whole.length <= COLUMNS) return [whole];
  const [{ length: indent } = { length: 0 }] = /^[ |]*/.exec(whole) ?? [];
  const space = whole.lastIndexOf(' ', COLUMNS);
  const cut = space > COLUMNS / 2 ? space : COLUMNS;
  const margin = ' '.repeat(Math.min(indent, INDENT));
  return [whole.slice(0, cut), ...wrapped(margin + whole.slice(cut).trimStart())];
}

function line(row: string, y: number): string {
  if (row.trim() === '') return '';
  const tone = toneOf(row);
  const name = tone === undefined ? 'row' : `row ${tone}`;
  return `<text class="${name}" x="${LEFT}" y="${y}" xml:space="preserve">${escaped(row)}</text>`;
}

function toneOf(row: string): string | undefined {
  if (row.startsWith('$ ')) return 'typed';
  if (/^\d\. |^ {3}With(?:out)? the guard/.test(row)) return 'step';
  if (/^ {3}yes {2}|^As it should be/.test(row)) return 'good';
  if (/refused|^ {3}NO | error {4}\S|hidden file is installed/.test(row)) return 'bad';
  return undefined;
}

/**
 * Two movements in steps: the text goes up as it grows, and a curtain below it uncovers the new rows. A reader who asked the system for
 * less motion sees the last screen, and so does a program without animations. The movements begin with the last screen, too: a program
 * that draws only the first moment, as for a print or a preview, then shows it.
 */
function moves(given: readonly Screen[]): string {
  const screens = [...given.slice(-1), ...given.slice(0, -1)];
  const total = screens.reduce((sum, { stays }) => sum + stays, 0);
  const all = given.at(-1)?.rows ?? 0;
  let at = 0;
  const frames = screens.map(({ rows, stays }) => {
    const percent = Number(((at / total) * 100).toFixed(2));
    at += stays;
    const up = Math.max(0, rows - ROWS) * LEADING;
    return { percent, roll: -up, curtain: (rows - all) * LEADING };
  });
  const keyframes = (name: 'roll' | 'curtain'): string =>
    `@keyframes ${name} {\n${frames
      .map((frame) => `${frame.percent}% { transform: translateY(${frame[name]}px) }`)
      .join('\n')}\n}`;
  const duration = Number(total.toFixed(1));
  return `@media (prefers-reduced-motion: no-preference) {
.roll { animation: roll ${duration}s step-end infinite }
.curtain { animation: curtain ${duration}s step-end infinite }
}
${keyframes('roll')}
${keyframes('curtain')}
`;
}
