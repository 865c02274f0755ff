/** docs/use-with.md names settings that the pinned clients know, with the lines that `tarwarden doctor` shows. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROWS } from '../../packages/doctor/src/defences/table.ts';
import { repository } from '../support/managers.ts';

const read = (page: string): string => readFileSync(join(repository, 'docs', page), 'utf8');

it('each line that doctor shows is on the page, in the column of its manager', () => {
  const page = read('use-with.md');
  const columns = ['npm', 'pnpm', 'yarn'].map((_, index) =>
    page
      .split('\n')
      .filter((line) => line.startsWith('| **No '))
      .map((line) => line.split('|')[index + 2] ?? '')
      .join('\n'),
  );
  const [npm = '', pnpm = '', yarn = ''] = columns;
  const byManager = { npm, pnpm, yarn: yarn + page.slice(page.indexOf('Yarn 1 has')) };
  expect(ROWS.filter(({ manager, line }) => !byManager[manager].includes(`\`${line}\``))).toEqual(
    [],
  );
  const lines = columns.flatMap((text) => [...text.matchAll(/`([^`]*[=:][^`]*)`/g)]);
  const known = new Set(ROWS.map(({ line }) => line));
  expect(lines.map(([, line = '']) => line).filter((line) => !known.has(line))).toEqual([]);
});
