import { describe, expect, it } from 'vitest';
import { readLockfile } from '@tarwarden/clients/lockfiles';
import { problemsOf } from './lockfile.ts';

const NAME = 'pnpm-lock.yaml';
const lock = (packages: string, version = '9.0'): string =>
  `lockfileVersion: '${version}'\n\npackages:\n\n${packages}`;
const one = (resolution: string, key = 'a@1.0.0', version?: string): unknown =>
  readLockfile(NAME, lock(`  ${key}:\n    resolution: ${resolution}\n`, version)).packages[0];
const hash = `sha512-${'A'.repeat(86)}==`;

describe('pnpm-lock.yaml', () => {
  it.each(['5.4', '7.0', '10.0', '', '9'])('of version "%s" has a problem', (version) => {
    expect(problemsOf(NAME, lock('', version))).toEqual([expect.stringContaining('are known')]);
  });

  it('is asked for its version in each document', () => {
    const text = `---\nlockfileVersion: '8.0'\n---\n${lock('')}`;
    expect(problemsOf(NAME, text)).toEqual([expect.stringContaining('"8.0"; 6.0 and 9.0')]);
  });

  it('may not have anchors, which expand', () => {
    const bomb = 'a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n';
    expect(problemsOf(NAME, bomb)[0]).toMatch(/anchors/);
    expect(problemsOf(NAME, lock('  a@1.0.0: &x {}\n'))[0]).toMatch(/anchors/);
  });

  it.each([
    `  a@1.0.0:\n    resolution: {integrity: ${hash}, <<: {tarball: https://r.test/}}\n`,
    '  <<: {a@1.0.0: {}}\n',
    '  ? <<\n  : {a@1.0.0: {}}\n',
  ])('may not have merge keys: %j', (packages) => {
    expect(problemsOf(NAME, lock(packages))[0]).toMatch(/merge keys/);
  });

  it.each([
    ['a@1.0.0', '{}', []],
    ['a@1.0.0(patch_hash=1)(@s/b@2.0.0(c@1.0.0))', '{}', []],
    ["'a@file:(x)/a.tgz'", '{}', []],
    ["'a@file:(x)/a.tgz(b@1.0.0)'", '{}', []],
    ['b@1.0.0', '{}', ['"b@1.0.0" has a snapshot, and nothing in `packages`']],
    ['a@1.0.0', `{resolution: {integrity: ${hash}}}`, ['"a@1.0.0" has a resolution in its snap']],
  ])('with the snapshot %s: %s has these problems: %j', (key, snapshot, problems) => {
    const entry = `    resolution: {integrity: ${hash}}\n`;
    const packages = `  a@1.0.0:\n${entry}  'a@file:(x)/a.tgz':\n${entry}`;
    const text = `${lock(packages)}\nsnapshots:\n\n  ${key}: ${snapshot}\n`;
    const found = problemsOf(NAME, text);
    expect(found).toEqual(problems.map((one) => expect.stringContaining(one)));
  });

  it('may not have a key twice', () => {
    const entry = `  a@1.0.0:\n    resolution: {integrity: ${hash}}\n`;
    expect(problemsOf(NAME, lock(entry + entry))[0]).toMatch(/duplicated mapping key/);
  });

  it('has no prototype that an entry could change', () => {
    const text = lock(`  __proto__:\n    polluted: x\n`);
    expect(problemsOf(NAME, text)).toEqual([
      expect.stringContaining('"__proto__" has a resolution'),
    ]);
    expect(({} as { polluted?: string }).polluted).toBeUndefined();
  });

  it.each([
    [
      `{integrity: ${hash}}`,
      'a@1.0.0',
      { name: 'a', version: '1.0.0', source: { type: 'registry' } },
    ],
    [`{integrity: ${hash}}`, "'@s/a@1.0.0-rc.1'", { name: '@s/a', version: '1.0.0-rc.1' }],
    [
      `{integrity: ${hash}, tarball: https://npm.pkg.github.com/download/@s/a/1.0.0/abc}`,
      "'@s/a@1.0.0'",
      { source: { type: 'registry', url: 'https://npm.pkg.github.com/download/@s/a/1.0.0/abc' } },
    ],
    [
      '{tarball: https://codeload.github.com/a/b/tar.gz/abc}',
      'b@https://codeload.github.com/a/b/tar.gz/abc',
      { name: 'b', version: '', source: { type: 'url' } },
    ],
    [
      '{type: git, repo: "https://x.test/a.git --upload-pack=x", commit: abc}',
      'a@git+https://x.test/a.git#abc',
      { name: 'a', source: { type: 'git' } },
    ],
    [
      '{directory: ../a, type: directory}',
      'a@file:../a',
      { source: { type: 'folder', path: '../a' } },
    ],
  ])('reads %s', (resolution, key, expected) => {
    expect(one(resolution, key)).toMatchObject(expected);
  });

  it('knows the keys of version 6', () => {
    const entry = `{integrity: ${hash}}`;
    expect(one(entry, '/@s/a@1.0.0(b@2.0.0)(c@3.0.0)', '6.0')).toMatchObject({
      name: '@s/a',
      version: '1.0.0',
      line: 5,
    });
    expect(one('{tarball: https://h.test/a/b}', "'@h.test/a/b'", '6.0')).toMatchObject({
      name: '',
      source: { type: 'url' },
    });
  });

  it.each([
    '{}',
    '{type: variations}',
    '{type: custom:x, integrity: x}',
    '{tarball: "ftp://x"}',
    'x',
  ])('reports the resolution %s', (resolution) => {
    const text = lock(`  a@1.0.0:\n    resolution: ${resolution}\n`);
    expect(problemsOf(NAME, text)).toEqual([
      '5: the entry "a@1.0.0" has a resolution that is not known',
    ]);
  });
});
