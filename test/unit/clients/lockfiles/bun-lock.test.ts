import { describe, expect, it } from 'vitest';
import { readLockfile } from '@tarwarden/clients/lockfiles';
import { fixture, listed, problemsOf } from './lockfile.ts';

const NAME = 'bun.lock';
const lock = (entry: string, version = 2): string =>
  `{\n"lockfileVersion": ${version},\n"packages": {\n"a": ${entry},\n},\n}`;
const hash = `sha512-${'A'.repeat(86)}==`;

describe('bun.lock', () => {
  it('of version 1 is read as one of version 2', () => {
    const text = fixture('bun-2.lock').replace('"lockfileVersion": 2', '"lockfileVersion": 1');
    expect(listed(readLockfile(NAME, text))).toEqual(
      listed(readLockfile(NAME, fixture('bun-2.lock'))),
    );
  });

  it.each([0, 3])('of version %i has a problem', (version) => {
    expect(problemsOf(NAME, lock('["a@1.0.0", "", {}, ""]', version))).toEqual([
      '2: it has an unknown lockfileVersion; 1 and 2 are known',
    ]);
  });

  it.each([
    [
      `["a@1.0.0", "", {}, "${hash}"]`,
      { name: 'a', version: '1.0.0', source: { type: 'registry' } },
    ],
    [`["a@1.0.0", "https://r.test/", {}, "${hash}"]`, { source: { type: 'registry' } }],
    [
      `["a@1.0.0", "https://r.test/a/-/a.tgz", {}, "${hash}"]`,
      { source: { type: 'registry', url: 'https://r.test/a/-/a.tgz' } },
    ],
    [
      `["a@https://r.test/a.tgz", {}, "${hash}"]`,
      { source: { type: 'url' }, integrity: { value: hash } },
    ],
    ['["a@github:o/a#abc", {}, "o-a-abc"]', { source: { type: 'git' } }],
    ['["a@git+ssh://git@h.test/a.git#abc", {}, "abc"]', { source: { type: 'git' } }],
    [`["a@../a.tgz", {}, "${hash}"]`, { source: { type: 'file', path: '../a.tgz' } }],
    ['["a@workspace:pkgs/a"]', { source: { type: 'workspace' } }],
    ['["a@link:../a", {}]', { source: { type: 'folder', path: '../a' } }],
    ['["a@root:", {}]', { source: { type: 'workspace' } }],
  ])('reads %s', (entry, expected) => {
    const { packages, problems } = readLockfile(NAME, lock(entry));
    expect(problems).toEqual([]);
    expect(packages).toMatchObject([{ ...expected, line: 4 }]);
  });

  it.each([
    ['{ "os": "linux", "cpu": ["x64", "arm64"] }', { os: ['linux'], cpu: ['x64', 'arm64'] }],
    ['{ "cpu": "none" }', { cpu: ['none'] }],
    ['{ "os": "!win32", "cpu": "any" }', undefined],
    ['{ "os": ["linux", 1] }', undefined],
    ['{ "os": [] }', undefined],
    ['{ "os": { "linux": true } }', undefined],
    ['{}', undefined],
  ])('reads the platforms of %s', (info, platforms) => {
    const [found] = readLockfile(NAME, lock(`["a@1.0.0", "", ${info}, "${hash}"]`)).packages;
    expect(found?.platforms).toEqual(platforms);
  });

  it('reports platforms that are there twice: programs take one or the other', () => {
    const entry = `["a@1.0.0", "", { "os": "linux", "os": "none" }, "${hash}"]`;
    expect(problemsOf(NAME, lock(entry))).toEqual(['4: the key "os" is there twice']);
  });

  it.each(['{}', '[]', '[1]', '["a"]', '["a@odd:1", {}]', '["a@1.0.0", {}]'])(
    'reports %s',
    (entry) => {
      expect(problemsOf(NAME, lock(entry))).toEqual(['4: the entry "a" is not one that is known']);
    },
  );

  it.each([
    ['{"cpu": "x64"}', true],
    ['{}', true],
    ['{"cpu": "none"}', false],
    ['{"os": "none", "cpu": "x64"}', false],
  ])('with %s shows the platform: %s', (info, isShown) => {
    const { packages } = readLockfile(NAME, lock(`["a@1.0.0", "", ${info}, "${hash}"]`));
    expect(packages.map(({ claim }) => claim?.shows?.has('platform'))).toEqual([isShown]);
  });
});
