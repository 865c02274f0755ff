/** Entries that ask for the same bytes, read in the same way, are one task; all others are several. */
import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { planOf } from '../../../packages/audit/src/plan.ts';
import { readLockfile } from '../../../packages/clients/src/lockfiles.ts';

const sri = (text: string): string => `sha512-${hash('sha512', text, 'base64')}`;
const sha1 = `sha1-${hash('sha1', 'x', 'base64')}`;
const url = 'https://registry.npmjs.org/a/-/a-1.0.0.tgz';

/** Lines of the entries of each task. */
function tasks(files: Readonly<Record<string, string>>): number[][] {
  const read = Object.entries(files).map(([name, text]) => ({
    path: `/p/${name}`,
    lockfile: readLockfile(name, text),
  }));
  const plan = planOf(read);
  expect(plan.problems).toEqual([]);
  return plan.tasks.map((task) => task.map(({ locked }) => locked.line));
}

const npm = (entries: Readonly<Record<string, object>>): string =>
  JSON.stringify({ lockfileVersion: 3, packages: { '': {}, ...entries } }, undefined, 1);
const pnpm = (entries: Readonly<Record<string, string>>): string =>
  `lockfileVersion: '9.0'\npackages:\n${Object.entries(entries)
    .map(([key, resolution]) => `  ${key}:\n    resolution: {${resolution}}\n`)
    .join('')}`;

describe('one address with two integrities is two tasks', () => {
  it('in package-lock.json', () => {
    const entry = (text: string): object => ({
      name: 'a',
      version: '1.0.0',
      resolved: url,
      integrity: sri(text),
    });
    expect(
      tasks({
        'package-lock.json': npm({ 'node_modules/a': entry('1'), 'node_modules/b': entry('2') }),
      }),
    ).toHaveLength(2);
  });

  it('in pnpm-lock.yaml', () => {
    const at = 'tarball: https://h.test/a.tgz, integrity:';
    expect(
      tasks({
        'pnpm-lock.yaml': pnpm({
          'a@https://h.test/a.tgz': `${at} ${sri('1')}`,
          'b@https://h.test/a.tgz': `${at} ${sri('2')}`,
        }),
      }),
    ).toHaveLength(2);
  });

  it('in yarn.lock of Yarn 1', () => {
    const entry = (range: string, text: string): string =>
      `a@${range}:\n  version "1.0.0"\n  resolved "${url}"\n  integrity ${sri(text)}\n`;
    expect(
      tasks({ 'yarn.lock': `# yarn lockfile v1\n${entry('^1.0.0', '1')}${entry('~1.0.0', '2')}` }),
    ).toHaveLength(2);
  });
});

describe('one integrity', () => {
  it.each([
    ['at two addresses is one task, where no other bytes can have it', sri('1'), 1],
    ['that is SHA-1 at two addresses is two', sha1, 2],
  ])('%s', (_, integrity, count) => {
    const entry = (host: string): object => ({
      name: 'a',
      version: '1.0.0',
      resolved: `https://${host}/a/-/a-1.0.0.tgz`,
      integrity,
    });
    const packages = { 'node_modules/a': entry('a.test'), 'node_modules/b': entry('b.test') };
    expect(tasks({ 'package-lock.json': npm(packages) })).toHaveLength(count);
  });

  it('of a package, of another under an alias, and of an address, is three', () => {
    const packages = {
      'node_modules/a': { version: '1.0.0', resolved: url, integrity: sri('1') },
      'node_modules/b': { name: 'c', version: '1.0.0', resolved: url, integrity: sri('1') },
    };
    expect(
      tasks({
        'package-lock.json': npm(packages),
        'pnpm-lock.yaml': pnpm({
          'd@https://h.test/a.tgz': `tarball: https://h.test/a.tgz, integrity: ${sri('1')}`,
        }),
      }),
    ).toHaveLength(3);
  });

  it('in lockfiles of two managers is one', () => {
    expect(
      tasks({
        'package-lock.json': npm({
          'node_modules/a': { version: '1.0.0', resolved: url, integrity: sri('1') },
        }),
        'pnpm-lock.yaml': pnpm({ 'a@1.0.0': `integrity: ${sri('1')}` }),
      }),
    ).toHaveLength(1);
  });
});

describe('a hash of Python', () => {
  const hex = 'ab'.repeat(32);
  const wheel = 'https://h.test/a-1.0-py3-none-any.whl';
  const sdist = 'https://h.test/a-1.0.tar.gz';

  it('at two addresses is two tasks: the name at their end decides how they are read', () => {
    const text = [wheel, sdist].map((at) => `a @ ${at} --hash=sha256:${hex}\n`).join('');
    expect(tasks({ 'requirements.txt': text })).toHaveLength(2);
  });

  it('with and without an address is two', () => {
    expect(
      tasks({
        'requirements.txt': `a==1.0 --hash=sha256:${hex}\n`,
        'pylock.toml': `lock-version = "1.0"\n[[packages]]\nname = "a"\nversion = "1.0"\nsdist = { url = "${sdist}", hashes = { sha256 = "${hex}" } }\n`,
      }),
    ).toHaveLength(2);
  });

  it('in two requirements files is one, and two where they name other indexes', () => {
    const line = `a==1.0 --hash=sha256:${hex}\n`;
    expect(tasks({ 'requirements.txt': line, 'requirements-b.txt': line })).toHaveLength(1);
    expect(
      tasks({
        'requirements.txt': line,
        'requirements-b.txt': `--index-url https://h.test/simple\n${line}`,
      }),
    ).toHaveLength(2);
  });
});

it('an entry without an integrity is a task for each manager, whose registries differ', () => {
  const yarn = `# yarn lockfile v1\na@^1.0.0:\n  version "1.0.0"\n  resolved "${url}"\n`;
  const lock = npm({ 'node_modules/a': { version: '1.0.0', resolved: url } });
  expect(tasks({ 'package-lock.json': lock, 'yarn.lock': yarn })).toHaveLength(2);
});

it('an entry of Yarn without a checksum for all platforms is not taken for that of some', () => {
  const entry = (range: string, more: string): string =>
    `"a@npm:${range}":\n  version: 1.0.0\n  resolution: "a@npm:1.0.0"\n${more}  languageName: node\n  linkType: hard\n`;
  const { packages } = readLockfile(
    'yarn.lock',
    `__metadata:\n  version: 8\n${entry('^1.0.0', '  conditions: os=win32\n')}${entry('~1.0.0', '')}`,
  );
  expect(packages.map(({ conditional }) => conditional)).toEqual([true, undefined]);
});
