import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { brokenLink } from '../support/links.ts';
import { repository } from '../support/managers.ts';
import { renderSettings } from '../support/settings/page.ts';
import { gapsOf, managers, readKnown, rowsOf } from '../support/settings/record.ts';
import { namesOf } from '../support/settings/row.ts';

const read = (path: string): string => readFileSync(join(repository, path), 'utf8');
const page = read('docs/threat-model.md');
const rows = managers.flatMap((manager) => rowsOf[manager]);

/** What is wrong with `file › title`: the title stands in quotes in the file. */
function brokenTest(reference: string): string | undefined {
  const [path = '', title = ''] = reference.split(' › ');
  if (!existsSync(join(repository, path))) return `${reference}: no such file`;
  const text = read(path);
  return ["'", '"', '`'].some((quote) => text.includes(`${quote}${title}${quote}`))
    ? undefined
    : `${reference}: no such test`;
}

const some = (list: readonly (string | undefined)[]): string[] =>
  list.filter((one) => one !== undefined);

describe('the settings on record', () => {
  it.each(managers)('are all those of %s, each once, each with an answer', (manager) => {
    expect(gapsOf(manager, readKnown())).toEqual([]);
  });

  it('are as the page says', () => {
    expect(read('docs/settings.md')).toBe(renderSettings(readKnown()));
  });

  it('name tests and pages that exist', () => {
    const wrong = rows.flatMap(({ test, page: link }) =>
      some([
        test === undefined ? undefined : brokenTest(test),
        link === undefined ? undefined : brokenLink('README.md', link),
      ]),
    );
    expect(wrong).toEqual([]);
  });

  it('lists what is open on the threat model’s page', () => {
    const open = rows.filter((row) => row.open !== undefined);
    const missing = open.flatMap((row) =>
      namesOf(row).some((name) => openPart().includes(`\`${name}\``)) ? [] : [namesOf(row)[0]],
    );
    expect(missing).toEqual([]);
  });
});

function openPart(): string {
  return /\n## Open\n(.*?)(?=\n## |$)/s.exec(page)?.[1] ?? '';
}

describe('the matrix', () => {
  /** Cells of the tables of "The matrix", but for the first of each row. */
  const cells = [...page.matchAll(/^\| (?!---)(.+) \|$/gm)].map(([, row = '']) =>
    row.split(' | ').map((cell) => cell.trim()),
  );

  it('has rows, and in each a cell for every column', () => {
    expect(cells.length).toBeGreaterThan(30);
    expect(cells.flat().filter((cell) => cell === '' || cell === '?')).toEqual([]);
  });

  it('numbers what it refers to: every number is explained, and every explanation used', () => {
    const used = [...page.matchAll(/\(([A-Z]\d+(?:, [A-Z]\d+)*)\)/g)].flatMap(([, list = '']) =>
      list.split(', '),
    );
    const explained = cells.flatMap(([first = '']) => (/^[A-Z]\d+$/.test(first) ? [first] : []));
    expect([...new Set(used)].toSorted()).toEqual(explained.toSorted());
  });

  it('names tests that exist', () => {
    const references = [...page.matchAll(/`(test\/[\w./-]+\.ts)`: ([^;|\n]+?)(?=[;|]| \||$)/gm)];
    expect(references.length).toBeGreaterThan(20);
    const wrong = references.map(([, path = '', title = '']) =>
      brokenTest(`${path} › ${title.trim()}`),
    );
    expect(some(wrong)).toEqual([]);
  });
});
