import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repository } from '../support/managers.ts';

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
