import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repository } from '../support/managers.ts';
import { SURVEYS } from '../support/preset-counts.ts';
import { presetTable, withPresetTable } from '../support/preset-page.ts';

const SURVEY = 'docs/survey.md';
const read = (page: string): string => readFileSync(join(repository, page), 'utf8');
const pages = [
  ...readdirSync(repository),
  ...readdirSync(join(repository, 'docs'), { recursive: true }).map(
    (file) => `docs/${String(file).replaceAll('\\', '/')}`,
  ),
].filter((file) => file.endsWith('.md'));

describe('the numbers of the surveys', () => {
  it('of the first survey are on its page alone', () => {
    expect(pages.filter((page) => read(page).includes('4,979'))).toEqual([SURVEY]);
  });

  it('of the survey today are the same on every page', () => {
    const counted = /^([\d,]+) tarballs of/m.exec(read(SURVEY))?.[1];
    const repeated = pages.flatMap((page) =>
      [...read(page).matchAll(/^.*?([\d,]+) real tarballs.*$/gm)]
        .filter(([line]) => line.includes('survey.md'))
        .map(([, number]) => ({ page, number })),
    );
    expect(repeated.length).toBeGreaterThan(0);
    expect(repeated.filter(({ number }) => number !== counted)).toEqual([]);
  });
});

describe('the counts of the preset strict', () => {
  /** The part of a survey's page that is about one format. */
  const part = (format: string, page: string): string => {
    const [wheels = '', sdists = ''] = read(`docs/${page}`).split('\n## Sdists\n');
    return format === 'sdist' ? sdists : wheels;
  };
  /** The number in the row of a rule; 0 if the survey found nothing. */
  const rowOf = (text: string, rule: string): number => {
    const [row] = new RegExp(`^\\|.*\\[${rule}\\]\\(rules/.*$`, 'm').exec(text) ?? [];
    const cells = row?.split('|').map((cell) => cell.trim().replaceAll(',', ''));
    return Number(cells?.find((cell) => /^\d+$/.test(cell)) ?? 0);
  };

  it.each(SURVEYS)('of $format are those of $page', ({ format, page, archives, apart }) => {
    const text = part(format, page);
    expect(text.replaceAll(/(\d),(?=\d{3})/g, '$1')).toMatch(new RegExp(`(?:^|\\D)${archives} `));
    const counted = presetTable('strict@1').flatMap(({ rule, archives: rows }) => {
      const row = rows.find((known) => known.format === format);
      return row === undefined || Object.hasOwn(apart, rule) ? [] : [[rule, row.counted?.found]];
    });
    expect(counted.length).toBeGreaterThan(0);
    expect(counted).toEqual(counted.map(([rule]) => [rule, rowOf(text, rule as string)]));
  });

  it('are on docs/presets.md as `pnpm rules` writes them, with the number of all', () => {
    const page = read('docs/presets.md');
    expect(page).toBe(withPresetTable(page));
    const [, refused] = / ([\d,]+) under the preset \[strict@1\]/.exec(read(SURVEY)) ?? [];
    expect(page).toContain(`With the preset, the guard refuses ${refused} of the `);
  });
});
