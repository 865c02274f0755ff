import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { chart } from '../../../bench/render/chart.ts';
import { fillPage, partsOf } from '../../../bench/render/page.ts';
import { tables } from '../../../bench/render/table.ts';
import { readReport } from '../../../bench/report.ts';
import type { PartResult, Row } from '../../../bench/result.ts';
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

describe('chart', () => {
  it('draws a bar for each ratio, with its spread', () => {
    const svg = chart({ npm: result([row, { ...row, name: 'unguarded', ratio: undefined! }]) });
    expect(flawsOf(svg)).toEqual([]);
    expect(svg.match(/<rect /g)).toHaveLength(1);
    expect(svg).toContain('>1.05</text>');
    expect(svg).toContain('prefers-color-scheme: dark');
  });

  it('stays a picture whatever the names are, and whatever the ratios', () => {
    const ratios = [spread([1e9]), spread([0]), { median: NaN, min: -1, max: Infinity }];
    const rows = ratios.map((ratio) => ({ ...row, name: HOSTILE, group: HOSTILE, ratio }));
    const svg = chart({ core: result(rows), npm: result(rows) });
    expect(flawsOf(svg)).toEqual([]);
    expect(svg).not.toMatch(/(?:x1?2?|width)="(?:NaN|-|Infinity|\d{4})/);
  });

  it('is well-formed without anything', () => {
    expect(flawsOf(chart({}))).toEqual([]);
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

describe('docs/performance.md', () => {
  const file = (path: string): string =>
    fileURLToPath(new URL(`../../../${path}`, import.meta.url));
  const page = readFileSync(file('docs/performance.md'), 'utf8');
  const report = readReport(file('docs/performance.json'));

  it('has a place for every part that the benchmark has', () => {
    const parts = readFileSync(file('bench/parts.ts'), 'utf8').matchAll(/^ {2}'?([\w-]+)'?: \{/gm);
    expect(partsOf(page)).toEqual([...parts].map(([, name]) => name));
  });

  it('and the chart are made of the figures', () => {
    expect(fillPage(page, report)).toBe(page);
    expect(readFileSync(file('docs/performance.svg'), 'utf8')).toBe(chart(report));
  });

  it('says so where nothing was measured', () => {
    expect(fillPage('<!-- bench:core -->\nold\n<!-- /bench -->', {})).toBe(
      '<!-- bench:core -->\n\nNot measured yet: `pnpm bench core --write`.\n\n<!-- /bench -->',
    );
  });
});
