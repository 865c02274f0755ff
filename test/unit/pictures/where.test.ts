/** The picture of where the guard is agrees with the pages about the inside of each client. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { repository } from '../../support/managers.ts';
import { ROWS } from '../../support/pictures/where.ts';

const inShort = (page: string): string => {
  const text = readFileSync(join(repository, 'docs/managers', `${page}-internals.md`), 'utf8');
  return text.split(/^## /m).find((section) => section.startsWith('In short\n')) ?? '';
};

it.each(ROWS)('$name: $guard.0', ({ page, fetch, guard: [loaded] }) => {
  const part = inShort(page);
  expect(part).toContain(loaded);
  const fetched = /^\| fetched \| (.*)/m.exec(part)?.[1] ?? '';
  expect(fetched.replace('RubyGems or Bundler', 'RubyGems, by Bundler')).toContain(fetch);
});

it('has a row for each client that the README sets up', () => {
  const readme = readFileSync(join(repository, 'README.md'), 'utf8');
  const pages = new Set(
    [...readme.matchAll(/docs\/managers\/([\w-]+)\.md\)/g)].map(([, name]) => name),
  );
  const pageOf: Readonly<Record<string, string>> = { bundle: 'bundler', 'Yarn 1': 'yarn-classic' };
  const names = ROWS.map(({ name }) => pageOf[name] ?? name.toLowerCase());
  expect(pages).toEqual(new Set(names));
});
