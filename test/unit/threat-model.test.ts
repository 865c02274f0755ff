import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repository } from '../support/managers.ts';

const read = (path: string): string => readFileSync(join(repository, path), 'utf8');
const page = read('docs/threat-model.md');

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
