/** docs/use-with.md names settings that the pinned clients know. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { repository } from '../support/managers.ts';

const read = (page: string): string => readFileSync(join(repository, 'docs', page), 'utf8');

it('each setting in the table is one of the client of its column', () => {
  const known = read('settings.md');
  const cells = read('use-with.md')
    .split('\n')
    .filter((line) => line.startsWith('| **No '))
    .flatMap((line) => line.split('|').slice(2, 5));
  const named = cells.flatMap((cell) =>
    [...cell.matchAll(/`([A-Za-z-]+)[=:`]/g)].map(([, name]) => name!),
  );
  expect(named.length).toBeGreaterThan(9);
  expect(named.filter((name) => !known.includes(`\`${name}\``))).toEqual([]);
});
