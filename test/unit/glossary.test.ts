/** One word for one thing: the core *inspects* an archive and returns a *verdict* (ARCHITECTURE.md). */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { repository } from '../support/managers.ts';

/** What the project said instead of "inspect", in any form and as part of a name. */
const OLD_WORD = /judg/i;

const files = (folder: string, recursive = true): string[] =>
  readdirSync(join(repository, folder), { recursive, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:md|m?[jt]s|json|svg)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));

const read = [
  ...files('.', false),
  ...files('docs'),
  ...readdirSync(join(repository, 'packages')).flatMap((name) => [
    ...files(join('packages', name), false),
    ...files(join('packages', name, 'src')),
  ]),
];

it('sources and pages have one word for what the core does with an archive', () => {
  expect(read).toContain(join(repository, 'packages/core/src/inspect.ts'));
  const old = read.filter(
    (file) => OLD_WORD.test(file) || OLD_WORD.test(readFileSync(file, 'utf8')),
  );
  expect(old).toEqual([]);
});
