import type { Goal, PartResult, Report, Row, Spread } from '../result.ts';
import { reached } from '../stats.ts';
import { INSTALLS, waits, waitText } from './waits.ts';

/** Columns by heading. One that no row has anything in is left out. */
const COLUMNS: Readonly<Record<string, (row: Row) => string>> = {
  '': ({ name }) => text(name),
  time: ({ time, unit }) => `${duration(time)} ${unit.split(' ')[0]}`,
  'per package': ({ time, packages }) =>
    packages === undefined ? '' : `${(time.median / packages).toFixed(1)} ms`,
  'requests a second': ({ time, requests }) =>
    requests === undefined ? '' : rateText(requests, time),
  'speed over the registry': ({ bareSpeed }) => (bareSpeed ? shown(bareSpeed) : ''),
  'compared to': ({ name, over = '' }) => (over === name ? '' : text(over)),
  'time over that': ({ ratio, speed }) => (ratio && !speed ? shown(ratio) : ''),
  'speed over that': ({ speed }) => (speed ? shown(speed) : ''),
  'processor time over that': ({ cpuRatio, speed }) => (cpuRatio && !speed ? shown(cpuRatio) : ''),
  'peak memory': ({ peakBytes }) => (peakBytes === undefined ? '' : megabytes(peakBytes)),
  'over the file': ({ peakBytes, fileBytes }) =>
    peakBytes === undefined || fileBytes === undefined ? '' : megabytes(peakBytes - fileBytes),
  goal: goalText,
};

/** The rows of a part as Markdown: a table for each group, and under what circumstances they came. */
export function tables({ rows, ...where }: PartResult): string {
  const groups = [...new Set(rows.map(({ group }) => group))];
  const rounds = [...new Set(rows.map((row) => row.rounds))].join(' or ');
  const source = `Node ${where.node.replace(/^v/, '')}, ${where.platform}, ${where.processor}, ${plural(where.cores, 'core')}`;
  return [
    ...groups.map((group) => {
      const own = rows.filter((row) => row.group === group);
      return `**${text(group)}**\n\n${table(own)}`;
    }),
    `Median of ${rounds} ${rounds === '1' ? 'round' : 'rounds'} (least–most), ${where.date}, ${text(source)}; load ${where.load} at the start.`,
  ].join('\n\n');
}

/** The waits of users as Markdown, one line for each client. */
export function waitsTable(report: Report): string {
  const lines = waits(report).map(({ client, date, waits: own }) => {
    const times = INSTALLS.map((install) => {
      const wait = own[install];
      return wait === undefined ? '' : waitText(wait);
    });
    return [client, ...times, date];
  });
  const heads = ['client', ...INSTALLS, 'measured'];
  return [heads, heads.map(() => '---'), ...lines]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

function table(rows: readonly Row[]): string {
  const columns = Object.entries(COLUMNS).filter(([, cell]) =>
    rows.some((row) => cell(row) !== ''),
  );
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(columns.map(([heading]) => heading)),
    line(columns.map(() => '---')),
    ...rows.map((row) => line(columns.map(([, cell]) => cell(row)))),
  ].join('\n');
}

/** The goal of a row, and whether it was reached. */
export function goalText(row: Row): string {
  if (row.goal === undefined) return '';
  const word = { true: 'reached', false: '**not reached**', undefined: 'not measured' } as const;
  return `${limitOf(row.goal)}: ${word[`${reached(row)}`]}`;
}

function limitOf({ of: statistic, most, least }: Goal): string {
  const value = most ?? least ?? 0;
  const unit = { time: ' ms', ratio: '', memory: ' MB' }[statistic];
  return `${most === undefined ? '≥' : '≤'} ${statistic === 'memory' ? value / 1e6 : value}${unit}`;
}

/** `median (least–most)` with two decimals. */
export function shown({ median, min, max }: Spread): string {
  return `${median.toFixed(2)} (${min.toFixed(2)}–${max.toFixed(2)})`;
}

function duration({ median, min, max }: Spread): string {
  const [unit, by] = Math.abs(median) >= 1000 ? ['s', 1000] : ['ms', 1];
  const digits = unit === 's' ? 2 : 1;
  const [middle, low, high] = [median, min, max].map((value) => (value / by).toFixed(digits));
  return `${middle} ${unit} (${low}–${high})`;
}

/** Requests in a second. */
export function rateText(requests: number, { median }: Spread): string {
  return Math.round((requests / median) * 1000).toLocaleString('en');
}

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** Names of packages and processors, with nothing that Markdown or HTML would take for its own. */
function text(raw: string): string {
  return raw
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ')
    .replaceAll(/[\\`*_[\]|#]/g, (character) => `\\${character}`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
