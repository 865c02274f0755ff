import { describe, expect, it } from 'vitest';
import { readLockfile } from '@tarwarden/clients/lockfiles';
import { listed, problemsOf } from './lockfile.ts';

const NAME = 'package-lock.json';
const lock = (packages: object, more: object = {}): string =>
  JSON.stringify({ lockfileVersion: 3, packages, ...more }, null, 2);

describe('package-lock.json', () => {
  it.each([
    ['{"lockfileVersion": 4, "packages": {}}', '1: it has another version'],
    ['{"lockfileVersion": "x"}', '1: it has another version'],
    ['{"packages": {}}', '1: it has no lockfileVersion'],
    ['[]', '1: it does not hold a JSON object'],
    ['{"lockfileVersion": 3,}', 'not valid JSON'],
    ['{"lockfileVersion": 3} // x', 'not valid JSON'],
    ['{"lockfileVersion": 3, "packages": {"node_modules/a": 1}}', 'is not an object'],
  ])('%s has a problem', (text, problem) => {
    expect(problemsOf(NAME, text).join('\n')).toContain(problem);
  });

  it.each([
    ['is fetched where its entry has an address', { resolved: 'https://r.test/a.tgz' }, 'registry'],
    [
      'is fetched where its entry has a hash',
      { integrity: `sha512-${'A'.repeat(86)}==` },
      'registry',
    ],
    ['comes inside of another one otherwise', {}, 'bundled'],
  ])('a package that is bundled %s', (_, more, type) => {
    const entry = { version: '1.0.0', ...more };
    const a = { ...entry, inBundle: true };
    const nested = { version: '1.0.0', dependencies: { a: { ...entry, bundled: true } } };
    const texts = [
      lock({
        'node_modules/p': { version: '1.0.0', bundleDependencies: ['a'] },
        'node_modules/p/node_modules/a': a,
      }),
      JSON.stringify({ lockfileVersion: 1, dependencies: { p: nested } }),
    ];
    for (const text of texts) {
      const { packages } = readLockfile(NAME, text);
      expect(packages.find(({ name }) => name === 'a')?.source.type).toBe(type);
      const brings = type === 'bundled' ? ['node_modules/a'] : undefined;
      expect(packages.find(({ name }) => name === 'p')?.brings).toEqual(brings);
    }
  });

  const inBundle = { version: '1.0.0', inBundle: true };
  const p = (more: object): object => ({ 'node_modules/p': { version: '1.0.0', ...more } });
  const a = { 'node_modules/p/node_modules/a': inBundle };
  it.each<[string, object, string]>([
    ['of nothing around it', { 'node_modules/a': inBundle }, 'registry'],
    ['of a package that bundles nothing', { ...p({}), ...a }, 'registry'],
    [
      'of a package that bundles another',
      { ...p({ bundleDependencies: ['b'] }), ...a },
      'registry',
    ],
    ['of a link', { ...p({ link: true, bundleDependencies: ['a'] }), ...a }, 'registry'],
    [
      'of what is bundled in circles',
      { ...p({}), 'node_modules/p/node_modules/a': { ...inBundle, dependencies: { a: '1' } } },
      'registry',
    ],
    [
      'of what a bundled package needs',
      {
        ...p({ bundleDependencies: ['@s/b'] }),
        'node_modules/p/node_modules/@s/b': { ...inBundle, dependencies: { a: '1' } },
        ...a,
      },
      'bundled',
    ],
    [
      'below a bundled package',
      {
        ...p({ bundleDependencies: ['b'] }),
        'node_modules/p/node_modules/b': inBundle,
        'node_modules/p/node_modules/b/node_modules/a': inBundle,
      },
      'bundled',
    ],
  ])('says that it comes in the archive %s', (_, packages, type) => {
    const found = readLockfile(NAME, lock(packages)).packages.find(({ name }) => name === 'a');
    expect(found?.source.type).toBe(type);
  });

  it('does not bundle at the root in version 1', () => {
    const text = JSON.stringify({
      lockfileVersion: 1,
      dependencies: { a: { version: '1.0.0', bundled: true } },
    });
    expect(listed(readLockfile(NAME, text))).toEqual(['a@1.0.0 registry']);
  });

  it.each([
    [{ hasShrinkwrap: true }, true],
    [{ hasShrinkwrap: 1 }, true],
    [{ hasShrinkwrap: {} }, true],
    [{ _hasShrinkwrap: 'x' }, true],
    [{ hasShrinkwrap: false, _hasShrinkwrap: null }, undefined],
  ])('takes %j for a shrinkwrap as npm does', (fields, expected) => {
    const text = lock({ 'node_modules/a': { version: '1.0.0', ...fields } });
    expect(readLockfile(NAME, text).packages[0]?.hasShrinkwrap).toBe(expected);
  });

  it('reports a key that is there twice, at its line', () => {
    const text =
      '{"lockfileVersion": 3,\n"packages": {\n"node_modules/a": {"version": "1.0.0"},\n' +
      '"node_modules/a": {"version": "2.0.0", "version": "3.0.0"}}}';
    expect(problemsOf(NAME, text)).toEqual([
      '4: the key "node_modules/a" is there twice',
      '4: the key "version" is there twice',
    ]);
  });

  it('has no prototype that an entry could change', () => {
    const text =
      '{"lockfileVersion": 3, "packages": {"__proto__": {"polluted": true}, "node_modules/__proto__": {"version": "1.0.0"}}}';
    expect(listed(readLockfile(NAME, text))).toContain('__proto__@1.0.0 registry');
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it.each([
    ['git+ssh://git@github.com/a/b.git#abc', { type: 'git' }],
    ['git+https://github.com/a/b.git#abc --upload-pack=x', { type: 'git' }],
    ['https://github.com/a/b.git#abc', { type: 'git' }],
    ['file:../a.tgz', { type: 'file', path: '../a.tgz' }],
    ['file:../a', { type: 'folder', path: '../a' }],
    ['https://other.test/a.tgz', { type: 'registry', url: 'https://other.test/a.tgz' }],
  ])('says where %s comes from', (resolved, source) => {
    const { packages } = readLockfile(
      NAME,
      lock({ 'node_modules/a': { version: '1.0.0', resolved } }),
    );
    expect(packages[0]?.source).toMatchObject(source);
  });

  it('reports an address that it cannot read', () => {
    const text = lock({ 'node_modules/a': { version: '1.0.0', resolved: 'ftp://x/a.tgz' } });
    expect(problemsOf(NAME, text)[0]).toMatch(/"node_modules\/a" comes from where/);
  });

  it('knows an address that only the project itself can ask for', () => {
    const resolved = 'https://other.test/a.tgz';
    const entry = { version: '1.0.0', resolved };
    const asking = { dependencies: { a: resolved } };
    const source = (packages: object): unknown =>
      readLockfile(NAME, lock(packages)).packages.find(({ name }) => name === 'a')?.source.type;
    expect(source({ '': asking, 'node_modules/a': entry })).toBe('url');
    expect(source({ 'node_modules/b': asking, 'node_modules/a': entry })).toBe('registry');
  });

  it('tells bundled packages, links and workspaces from archives', () => {
    const lockfile = readLockfile(
      NAME,
      lock({
        '': { name: 'app' },
        'node_modules/a': { version: '1.0.0', bundleDependencies: ['b'] },
        'node_modules/a/node_modules/b': { version: '1.0.0', inBundle: true },
        'node_modules/w': { resolved: 'pkgs/w', link: true },
        'pkgs/w': { version: '1.0.0' },
      }),
    );
    expect(listed(lockfile)).toEqual([
      'a@1.0.0 registry',
      'b@1.0.0 bundled',
      'w@ folder',
      '@1.0.0 workspace',
    ]);
  });

  it('reads what npm 6 goes by beside what newer ones do', () => {
    const text = lock(
      { 'node_modules/a': { version: '1.0.0' } },
      {
        lockfileVersion: 2,
        dependencies: { b: { version: '1.0.0', dependencies: { c: { version: '1.0.0' } } } },
      },
    );
    const names = readLockfile(NAME, text).packages.map(({ key }) => key);
    expect(names).toEqual(['node_modules/a', 'node_modules/b', 'node_modules/b/node_modules/c']);
  });
});
