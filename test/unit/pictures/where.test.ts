/** The picture of where the guard is says what ARCHITECTURE.md says. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { repository } from '../../support/managers.ts';
import { ROWS } from '../../support/pictures/where.ts';

const page = readFileSync(join(repository, 'ARCHITECTURE.md'), 'utf8');

it.each(ROWS)('$name: $guard.0', ({ section, fetch, guard: [loaded] }) => {
  const part = page.split(/^### /m).find((one) => one.startsWith(`${section}\n`)) ?? '';
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
