/** What lockfiles give for what the project asks for, with the lines on which they say so. */
import { describe, expect, it } from 'vitest';
import { readLockfile } from '@tarwarden/clients/lockfiles';
import { fixture } from './lockfile.ts';

function given(name: string, file: string): { found: string[]; importers: readonly string[] } {
  const text = fixture(file);
  const { resolutions, importers } = readLockfile(name, text);
  const lines = text.split('\n');
  for (const { name: asked, line } of resolutions) expect(lines[line - 1]).toContain(asked);
  const found = resolutions.map(
    ({ importer, name: asked, range, to }) =>
      `${importer ?? '*'} ${asked} ${range ?? '-'} ${to.name}@${to.version} ${to.source.type}`,
  );
  return { found, importers };
}

describe('real lockfiles of one project', () => {
  it.each([
    ['package-lock.json', 'package-lock-1.json', '', '-', '-'],
    ['package-lock.json', 'package-lock-3.json', '', 'npm:is-odd@3.0.1', '1.3.0'],
    ['pnpm-lock.yaml', 'pnpm-lock-6.yaml', '', 'npm:is-odd@3.0.1', '1.3.0'],
    ['pnpm-lock.yaml', 'pnpm-lock-9.yaml', '', 'npm:is-odd@3.0.1', '1.3.0'],
    ['yarn.lock', 'yarn-1.lock', '*', 'npm:is-odd@3.0.1', '1.3.0'],
    ['yarn.lock', 'yarn-4.lock', '*', 'npm:is-odd@3.0.1', 'npm:1.3.0'],
    ['bun.lock', 'bun-2.lock', '', 'npm:is-odd@3.0.1', '1.3.0'],
  ])('%s (%s)', (name, file, importer, alias, exact) => {
    const { found, importers } = given(name, file);
    expect(found).toContain(`${importer} alias ${alias} is-odd@3.0.1 registry`);
    expect(found).toContain(`${importer} left-pad ${exact} left-pad@1.3.0 registry`);
    expect(importers).toContain('');
  });

  it('what a workspace asks for is apart where it can be', () => {
    expect(given('pnpm-lock.yaml', 'pnpm-lock-9.yaml').found).toContain(
      'pkgs/w ms 2.1.3 ms@2.1.3 registry',
    );
    for (const [name, file] of [
      ['package-lock.json', 'package-lock-3.json'],
      ['pnpm-lock.yaml', 'pnpm-lock-9.yaml'],
      ['yarn.lock', 'yarn-4.lock'],
      ['bun.lock', 'bun-2.lock'],
    ] as const)
      expect(given(name, file).importers).toContain('pkgs/w');
  });
});

it('a link of pnpm leads to a folder, relative to the lockfile', () => {
  const text = `lockfileVersion: '9.0'
importers:
  pkgs/a:
    dependencies:
      b:
        specifier: workspace:*
        version: link:../b
`;
  expect(readLockfile('pnpm-lock.yaml', text).resolutions).toMatchObject([
    { importer: 'pkgs/a', name: 'b', line: 5, to: { source: { type: 'folder', path: 'pkgs/b' } } },
  ]);
});

it('one entry of Yarn answers all that it names', () => {
  const text = `__metadata:
  version: 8

"a@npm:b@^1, b@npm:>=1, <2, b@npm:^1":
  version: 1.0.0
  resolution: "b@npm:1.0.0"
`;
  const { resolutions } = readLockfile('yarn.lock', text);
  expect(resolutions.map(({ name, range }) => `${name} ${range}`)).toEqual([
    'a npm:b@^1',
    'b npm:>=1, <2',
    'b npm:^1',
  ]);
});
