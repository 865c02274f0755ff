/**
 * The page of docs is what the data says, and the data is of the attack sets as they are. Where it is not, measure it:
 * `npx -y pnpm@12 client-attack-table`.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CLIENT_FORMATS } from '../../e2e/views/clients/clients.ts';
import { SAMPLES } from '../../e2e/views/clients/samples.ts';
import { clientPage, COLUMNS, type ClientTable } from '../../e2e/views/clients/table.ts';

const docs = (name: string): string =>
  readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8');
const table = JSON.parse(docs('attack-table-clients.json')) as ClientTable;

describe('docs/attack-table-clients.md', () => {
  test('is what its data says', () => {
    expect(docs('attack-table-clients.md')).toBe(clientPage(table));
  });

  test.each(CLIENT_FORMATS)(
    'has every archive of the attack set, and each client: %s',
    (format) => {
      const rows = table.archives[format];
      expect(Object.keys(rows)).toEqual(SAMPLES[format].attacks.map(({ name }) => name));
      const clients = COLUMNS.filter(({ formats }) => formats.includes(format));
      for (const row of Object.values(rows))
        expect(Object.keys(row).toSorted()).toEqual(clients.map(({ name }) => name).toSorted());
    },
  );
});
