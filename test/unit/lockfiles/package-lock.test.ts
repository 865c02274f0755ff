import { describe, expect, it } from 'vitest';
import { readLockfile } from '@tarwarden/lockfiles';
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
    const texts = [
      lock({ 'node_modules/a': { ...entry, inBundle: true } }),
      JSON.stringify({ lockfileVersion: 1, dependencies: { a: { ...entry, bundled: true } } }),
    ];
    for (const text of texts)
      expect(readLockfile(NAME, text).packages.map(({ source }) => source.type)).toEqual([type]);
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
        'node_modules/a/node_modules/b': { version: '1.0.0', inBundle: true },
        'node_modules/w': { resolved: 'pkgs/w', link: true },
        'pkgs/w': { version: '1.0.0' },
      }),
    );
    expect(listed(lockfile)).toEqual(['b@1.0.0 bundled', 'w@ folder', '@1.0.0 workspace']);
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
