import { describe, expect, it } from 'vitest';
import { lockedSources, sourceOf } from '../../../packages/pnpm-hook/src/source.ts';

const place = {
  settings: {
    registry: 'https://registry.example',
    scopes: { '@s': 'https://scope.example/npm/' },
  },
  lockfileDir: '/project',
};
const named = (name: string, version: string) => ({ id: `${name}@${version}`, name, version });

describe('sourceOf', () => {
  it('finds the tarball of a registry package by its scope', () => {
    expect(sourceOf(named('@s/a', '1.0.0'), { integrity: 'sha512-x' }, place)).toEqual({
      kind: 'download',
      id: '@s/a@1.0.0',
      url: 'https://scope.example/npm/@s/a/-/a-1.0.0.tgz',
      integrity: 'sha512-x',
      expected: { name: '@s/a', version: '1.0.0' },
    });
  });

  it('takes a URL as it is, and expects no identity of it', () => {
    const url = 'https://host.example/a.tgz';
    const id = `a@${url}`;
    expect(sourceOf({ id, name: 'a', version: url }, { tarball: url }, place)).toEqual({
      kind: 'download',
      id,
      url,
    });
  });

  it('expects no identity of what a git host packs', () => {
    const resolution = { tarball: 'https://host.example/x.tar.gz', gitHosted: true };
    expect(sourceOf(named('a', '1.0.0'), resolution, place)).not.toHaveProperty('expected');
  });

  it('resolves a file beside the lockfile', () => {
    expect(sourceOf({ id: 'a' }, { tarball: 'file:lib/a.tgz' }, place)).toMatchObject({
      kind: 'file',
      path: '/project/lib/a.tgz',
    });
  });

  it('keeps commit and folder of a repository', () => {
    const resolution = { type: 'git', repo: 'https://host.example/a', commit: 'c', path: 'sub' };
    expect(sourceOf({ id: 'a' }, resolution, place)).toEqual({
      kind: 'git',
      id: 'a',
      repo: 'https://host.example/a',
      commit: 'c',
      folder: 'sub',
    });
  });

  it('leaves a folder alone that is what its key says', () => {
    const resolution = { type: 'directory', directory: 'lib/a' };
    expect(sourceOf(named('a', 'file:lib/a'), resolution, place)).toBeUndefined();
    expect(sourceOf(named('a', 'file:./lib/a'), resolution, place)).toBeUndefined();
  });

  it('leaves a folder alone whose name pnpm cuts at parentheses', () => {
    const resolution = { type: 'directory', directory: 'lib(1)/a' };
    expect(sourceOf(named('a', 'file:lib'), resolution, place)).toBeUndefined();
    const other = { type: 'directory', directory: 'lib/a(1)' };
    expect(() => sourceOf(named('a', 'file:lib'), other, place)).toThrow('cannot inspect');
  });

  it.each([
    ['an unknown type', { type: 'custom:x' }],
    ['a folder under another key', { type: 'directory', directory: 'lib/a' }],
    ['a runtime under another key', { type: 'binary', url: 'https://nodejs.org/x' }],
    ['a URL that is no text', { tarball: ['https://host.example/a.tgz'] as never }],
    ['git without a commit', { type: 'git', repo: 'https://host.example/a' }],
    ['nothing at all', {}],
  ])('refuses %s', (_, resolution) => {
    expect(() => sourceOf({ id: 'a' }, resolution, place)).toThrow('cannot inspect');
  });

  it('refuses to guess a registry', () => {
    const nowhere = { ...place, settings: {} };
    expect(() => sourceOf(named('a', '1.0.0'), { integrity: 'sha512-x' }, nowhere)).toThrow(
      'no registry',
    );
  });
});

describe('lockedSources', () => {
  const resolution = { integrity: 'sha512-x' };

  it('cuts peers and patches off the keys', () => {
    const packages = {
      'a@1.0.0(b@2.0.0)': { resolution },
      '@s/c@1.0.0(patch_hash=x)(b@2.0.0)': { resolution },
    };
    expect(lockedSources({ packages }, place).map(({ source }) => source.id)).toEqual([
      'a@1.0.0',
      '@s/c@1.0.0',
    ]);
  });

  it('refuses a folder outside the project that no project names', () => {
    const packages = {
      'a@file:../a': { resolution: { type: 'directory', directory: '../a' } },
      'b@1.0.0': { resolution, dependencies: { a: 'file:../a' } },
    };
    const through = { '.': { dependencies: { b: '1.0.0' } } };
    expect(() => lockedSources({ importers: through, packages }, place)).toThrow(
      'outside the project',
    );
    // Nothing leads to it, as in the lockfile of `pnpm deploy`.
    expect(lockedSources({ packages }, place).map(({ source }) => source.id)).toEqual(['b@1.0.0']);
    const direct = { '.': { dependencies: { a: 'file:../a' } } };
    expect(lockedSources({ importers: direct, packages }, place)).toHaveLength(1);
  });

  it('sees what a lockfile calls optional, and does not believe it', () => {
    const importers = { '.': { dependencies: { a: { version: '1.0.0' } } } };
    const packages = { 'a@1.0.0': { resolution } };
    const snapshots = { 'a@1.0.0': { optional: true } };
    for (const lockfile of [
      { importers, packages, snapshots },
      { importers, packages: { 'a@1.0.0': { resolution, optional: true } } },
    ])
      expect(lockedSources(lockfile, place)).toMatchObject([{ optional: false, forgiven: true }]);
  });

  it('finds nothing in a lockfile without packages', () => {
    expect(lockedSources({}, place)).toEqual([]);
  });
});
