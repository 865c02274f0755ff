/** Extraction libraries in the lockfiles of a folder. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findInLockfiles } from '../../../packages/doctor/src/find/lockfiles.ts';
import { freshFolder } from '../../support/fresh-folder.ts';

let folder: string;
freshFolder((made) => (folder = made));

const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);

const look = (at = folder) =>
  findInLockfiles({
    folder: at,
    watches: (_ecosystem, name) => ['tar', 'ruby-zip', 'pip'].includes(name),
  });

const list = (): string[] =>
  look().components.map(({ ecosystem, name, version, origin }) => {
    const line = origin.kind === 'lockfile' ? origin.line : 0;
    return `${ecosystem} ${name} ${version} ${line}`;
  });

const npmLock = (packages: object): string =>
  JSON.stringify(
    { name: 'a', version: '1.0.0', lockfileVersion: 3, packages: { '': {}, ...packages } },
    null,
    1,
  );

it('each version is found once, wherever it lies', () => {
  write(
    'package-lock.json',
    npmLock({
      'node_modules/tar': { version: '6.1.0' },
      'node_modules/a/node_modules/tar': { version: '6.1.0' },
      'node_modules/b/node_modules/tar': { version: '7.5.2' },
      'node_modules/left-pad': { version: '1.0.0' },
    }),
  );
  expect(list()).toEqual(['npm tar 6.1.0 7', 'npm tar 7.5.2 13']);
});

it('an alias is found by its real name', () => {
  write(
    'package-lock.json',
    npmLock({
      'node_modules/other': { name: 'tar', version: '6.1.0' },
      'node_modules/tar': { name: 'left-pad', version: '1.0.0' },
    }),
  );
  expect(list()).toEqual(['npm tar 6.1.0 7']);
});

it('a package of the project itself is nothing that was installed', () => {
  write(
    'package-lock.json',
    npmLock({ 'node_modules/tar': { resolved: 'tar', link: true }, tar: { version: '1.0.0' } }),
  );
  expect(list()).toEqual([]);
});

it('names of Python are compared as pip does', () => {
  write('requirements.txt', 'PIP==23.0\nRuby_Zip==1.0\n');
  expect(list()).toEqual(['PyPI pip 23.0 1', 'PyPI ruby-zip 1.0 2']);
});

it('yarn, pnpm and Go are read as well', () => {
  write('yarn.lock', '# yarn lockfile v1\n\ntar@^6.0.0:\n  version "6.1.0"\n');
  write('go.sum', 'tar v1.0.0 h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n');
  expect(list().map((line) => line.split(' ').slice(0, 3).join(' '))).toContain('npm tar 6.1.0');
});

it('what cannot be read is a problem', () => {
  write('package-lock.json', '{"lockfileVersion": 99}');
  mkdirSync(join(folder, 'yarn.lock'));
  const { components, problems } = look();
  expect(components).toEqual([]);
  expect(problems.map(({ file }) => file)).toEqual([
    join(folder, 'package-lock.json'),
    join(folder, 'yarn.lock'),
  ]);
  expect(problems[1]?.message).toBe('is not a regular file, or is too large');
});

it('many problems of one file are counted', () => {
  write('requirements.txt', 'left>=1\n'.repeat(8));
  const messages = look().problems.map(({ message }) => message);
  expect(messages).toHaveLength(6);
  expect(messages.at(-1)).toBe('has 3 more places that cannot be read');
});

it('a folder that is missing is a problem', () => {
  expect(look(join(folder, 'missing'))).toEqual({
    components: [],
    problems: [{ message: 'cannot be read (ENOENT)', file: join(folder, 'missing') }],
  });
});

it('a folder without lockfiles is none', () => {
  expect(look()).toEqual({ components: [], problems: [] });
});
