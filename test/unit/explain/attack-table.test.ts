/**
 * The page of docs is what the data says, and the data is of the attack set as it is. Where it is not, measure it:
 * `npx -y pnpm@12 attack-table`.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { bytesOf, digestOf, page, TITLES, type Table } from '../../e2e/views/table.ts';
import { attacks } from '../../support/attacks.ts';

const docs = (name: string): string =>
  readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8');
const table = JSON.parse(docs('attack-table.json')) as Table;

/** Their archives take seconds to build, and are made of zeros. */
const bombs = /^(?:compression-ratio|unpacked-size)-limit$/;

describe('docs/attack-table.md', () => {
  test('is what its data says', () => {
    expect(docs('attack-table.md')).toBe(page(table));
  });

  test('has every archive of the attack set, as it is built today', () => {
    expect(Object.keys(table.archives)).toEqual(attacks.map(({ id }) => id));
    const small = attacks.filter(({ id }) => !bombs.test(id));
    const changed = small.filter(
      (one) => table.archives[one.id]?.digest !== digestOf(bytesOf(one)),
    );
    expect(changed.map(({ id }) => id)).toEqual([]);
  });

  test('has an outcome of every manager, and a guarded one of all that have a guard', () => {
    const all = Object.keys(TITLES).toSorted();
    expect(Object.keys(table.managers).toSorted()).toEqual(all);
    for (const [id, row] of Object.entries(table.archives)) {
      expect([id, Object.keys(row.unguarded).toSorted()]).toEqual([id, all]);
      expect([id, Object.keys(row.guarded).toSorted()]).toEqual([id, all]);
    }
  });

  test('shows that the guard lets no error pass, and only warnings', () => {
    const passed = attacks.filter(({ id }) =>
      Object.values(table.archives[id]?.guarded ?? {}).some((word) => word === 'let pass'),
    );
    expect(passed.filter(({ level }) => level === 'error')).toEqual([]);
    expect(JSON.stringify(table)).not.toContain('**');
  });
});
