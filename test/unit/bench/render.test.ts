import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { chart } from '../../../bench/render/chart.ts';
import { growthChart } from '../../../bench/render/growth-chart.ts';
import { gatewayTable } from '../../../bench/render/gateway.ts';
import { fillPage, partsOf } from '../../../bench/render/page.ts';
import { tables, waitsTable } from '../../../bench/render/table.ts';
import { readReport } from '../../../bench/report.ts';
import type { PartResult, Report, Row } from '../../../bench/result.ts';
import { spread } from '../../../bench/stats.ts';
import { flawsOf } from '../../support/well-formed.ts';

const HOSTILE = `</text><script>x</script>&"'|\`*[a](b)\u0000\u001B[31m\u202E\uD800`;

const row: Row = {
  group: 'installs',
  name: 'guarded',
  time: spread([1500, 2500, 2000]),
  unit: 'wall ms',
  rounds: 3,
  over: 'unguarded',
  ratio: spread([1.05, 1.5, 0.9]),
  goal: { of: 'ratio', most: 1.03 },
};

const result = (rows: readonly Row[]): PartResult => ({
  date: '2020-01-02',
  node: 'v20.19.0',
  platform: 'linux x64',
  processor: 'Processor',
  cores: 2,
  load: 0.5,
  rows,
});

/** A report whose npm was measured: its first install alone, and as long as this with the guard. */
const npmReport = (guarded: Row['time'], name = 'guarded'): Report => ({
  npm: result([
    { ...row, group: 'npm, cold', name: 'unguarded', time: spread([2000]) },
    { ...row, group: 'npm, cold', name, time: guarded },
    { ...row, group: 'npm, warm, by another linker', time: spread([7]) },
  ]),
});

describe('what a user waits', () => {
  it('is drawn as a bar for each kind of install, with what the guard adds', () => {
    const svg = chart(npmReport(spread([2500])));
    expect(flawsOf(svg)).toEqual([]);
    expect(svg).toContain('<rect class="alone" x="80" y="92" width="200" height="12"/>');
    expect(svg).toContain('<rect class="bar0" x="280" y="92" width="50" height="12"/>');
    expect(svg).toContain('>2.00 s + 0.50 s</text>');
    expect(svg).toContain('prefers-color-scheme: dark');
  });

  it.each([spread([1e9]), spread([0]), { median: NaN, min: -1, max: Infinity }])(
    'stays a picture with a time of %j',
    (time) => {
      const svg = chart(npmReport(time));
      expect(flawsOf(svg)).toEqual([]);
      expect(svg).not.toMatch(/(?:x[12]?|width)="(?:NaN|-|Infinity|\d{4})/);
    },
  );

  it('is well-formed without anything', () => {
    expect(flawsOf(chart({}))).toEqual([]);
  });

  it('is a line of a table for each client', () => {
    expect(waitsTable(npmReport(spread([1900])))).toBe(
      [
        '| client | first | inspected before | nothing to fetch | measured |',
        '| --- | --- | --- | --- | --- |',
        '| npm 12 | 2.00 s − 0.10 s |  |  | 2020-01-02 |',
      ].join('\n'),
    );
    expect(waitsTable(npmReport(spread([1]), 'another hook'))).not.toContain('npm 12');
  });
});

describe('how the cost grows', () => {
  const install = (packages: number, name: string, time: number): Row => ({
    ...row,
    group: `growth: npm 12, ${packages} packages on disk, cold`,
    name,
    time: spread([time]),
  });

  it('is a line for each client and kind of install, on logarithmic axes', () => {
    const rows = [
      install(100, 'unguarded', 900),
      install(100, 'guarded', 1000),
      install(5000, 'unguarded', 9000),
      install(5000, 'guarded', 10_000),
    ];
    const svg = growthChart({ growth: result(rows) });
    expect(flawsOf(svg)).toEqual([]);
    expect(svg).toContain('<polyline class="line alone client0 cold" points="70,197.7 640,81"/>');
    expect(svg).toContain('<polyline class="line client0 cold" points="70,192.3 640,75.7"/>');
    expect(svg).toContain('>npm 12, cold: 10.00 s (9.00)</text>');
  });

  it.each([NaN, -1, 0, 1e9])('stays a picture with a time of %d', (time) => {
    const rows = [install(100, 'unguarded', 0), install(100, 'guarded', time)];
    const svg = growthChart({ growth: result(rows) });
    expect(flawsOf(svg)).toEqual([]);
    expect(svg).not.toMatch(/points="[^"]*(?:NaN|-|Infinity|\d{4})/);
  });

  it('is well-formed without anything', () => {
    expect(flawsOf(growthChart({}))).toEqual([]);
  });
});

describe('tables', () => {
  it('shows what was measured and whether it is what was asked for', () => {
    expect(tables(result([row]))).toBe(
      [
        '**installs**',
        '',
        '|  | time | compared to | time over that | goal |',
        '| --- | --- | --- | --- | --- |',
        '| guarded | 2.00 s (1.50–2.50) wall | unguarded | 1.05 (0.90–1.50) | ≤ 1.03: **not reached** |',
        '',
        'Median of 3 rounds (least–most), 2020-01-02, Node 20.19.0, linux x64, Processor, 2 cores; load 0.5 at the start.',
      ].join('\n'),
    );
  });

  it('keeps hostile names in their cell', () => {
    const text = tables(result([{ ...row, name: HOSTILE, group: HOSTILE }]));
    const [cells] = text.split('\n').filter((line) => line.startsWith('| &lt;'));
    expect(cells?.split(/(?<!\\)\|/)).toHaveLength(7);
    expect(text).not.toMatch(/<script|[^\P{Cc}\n]|[^\\][`[]/u);
  });
});

describe('the table of the gateway', () => {
  it('has its figures beside those of verdaccio', () => {
    const common = { group: 'gateway: small tarballs again', unit: 'wall ms', rounds: 3 } as const;
    const over = { over: 'verdaccio 6', bareSpeed: spread([0.5]), speed: spread([4]) };
    const memory = { ...common, group: 'gateway: memory', peakBytes: 2e8 };
    const rows: Row[] = [
      { ...common, name: 'verdaccio 6', time: spread([1000]), requests: 1000 },
      {
        ...common,
        ...over,
        name: 'the gateway',
        time: spread([250]),
        requests: 1000,
        goal: { of: 'ratio', least: 3 },
      },
      { ...common, name: 'the gateway, processor', unit: 'cpu ms', time: spread([9]) },
      { ...memory, name: 'the gateway, at rest', time: spread([1]) },
    ];
    const lines = gatewayTable({ gateway: result(rows) })?.split('\n');
    expect(lines?.slice(2)).toEqual([
      '| small tarballs again | 4,000 a second | 1,000 a second | 4.00 × the speed | 0.50 × | ≥ 3: reached |',
      '| memory: at rest | 200 MB |  |  |  |  |',
      '',
      'Median of 3 rounds, 2020-01-02, Node 20.19.0, 2 cores.',
    ]);
  });

  it('is not there where nothing was measured', () => {
    expect(gatewayTable({ gateway: result([row]) })).toBeUndefined();
  });
});

describe('docs/performance.md', () => {
  const file = (path: string): string =>
    fileURLToPath(new URL(`../../../${path}`, import.meta.url));
  const page = readFileSync(file('docs/performance.md'), 'utf8');
  const report = readReport(file('docs/performance.json'));

  it('has a place for every part that the benchmark has', () => {
    const parts = readFileSync(file('bench/parts.ts'), 'utf8').matchAll(/^ {2}'?([\w-]+)'?: \{/gm);
    expect(partsOf(page)).toEqual([...parts].map(([, name]) => name));
  });

  it('and the page of the gateway and the charts are made of the figures', () => {
    expect(fillPage(page, report)).toBe(page);
    const gateway = readFileSync(file('docs/server/gateway.md'), 'utf8');
    expect(gateway).toContain('<!-- gateway -->');
    expect(fillPage(gateway, report)).toBe(gateway);
    expect(readFileSync(file('docs/performance.svg'), 'utf8')).toBe(chart(report));
    expect(readFileSync(file('docs/growth.svg'), 'utf8')).toBe(growthChart(report));
  });

  it('says so where nothing was measured', () => {
    expect(fillPage('<!-- bench:core -->\nold\n<!-- /bench -->', {})).toBe(
      '<!-- bench:core -->\n\nNot measured yet: `pnpm bench core --write`.\n\n<!-- /bench -->',
    );
  });
});
