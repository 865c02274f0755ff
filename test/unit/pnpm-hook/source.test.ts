import { describe, expect, it } from 'vitest';
import { lockedSources, pnpmSource, pnpmSubject } from '../../../packages/pnpm-hook/src/source.ts';

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
    expect(pnpmSource(named('@s/a', '1.0.0'), { integrity: 'sha512-x' }, place)).toEqual({
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
    expect(pnpmSource({ id, name: 'a', version: url }, { tarball: url }, place)).toEqual({
      kind: 'download',
      id,
      url,
    });
  });

  it('expects no identity of what a git host packs', () => {
    const resolution = { tarball: 'https://host.example/x.tar.gz', gitHosted: true };
    expect(pnpmSource(named('a', '1.0.0'), resolution, place)).not.toHaveProperty('expected');
  });

  it.each([
    [
      { tarball: 'https://host.example/x.tar.gz', gitHosted: true, path: '/deep//./sub/' },
      'deep/sub',
    ],
    [{ tarball: 'https://codeload.github.com/u/r/tar.gz/c', path: 'sub' }, 'sub'],
    [{ tarball: 'https://gitlab.com/u/r/-/archive/c/r.tar.gz', path: 'sub' }, 'sub'],
    [{ tarball: 'https://codeload.github.com/u/r/tar.gz/c', path: '/' }, undefined],
    [{ tarball: 'https://codeload.github.com/u/r/tar.gz/c' }, undefined],
    // pnpm takes no folder out of any other tarball.
    [{ tarball: 'https://host.example/x.tar.gz', path: 'sub' }, undefined],
    [{ tarball: 'https://codeload.github.com.evil.example/tar.gz', path: 'sub' }, undefined],
  ])('of %j takes the folder %s', (resolution, folder) => {
    const source = pnpmSource({ id: 'a' }, resolution, place);
    expect(source).toMatchObject({ kind: 'download', url: resolution.tarball });
    expect((source as { folder?: string }).folder).toBe(folder);
  });

  it('refuses a folder outside the repository', () => {
    const resolution = { tarball: 'https://host.example/x', gitHosted: true, path: 'a/../../b' };
    expect(() => pnpmSource({ id: 'a' }, resolution, place)).toThrow('outside its repository');
  });

  it('names the folder in a refusal', () => {
    const url = 'https://host.example/a.tgz';
    expect(pnpmSubject({ kind: 'download', id: 'a', url, folder: 'sub' })).toEqual({
      label: 'a',
      source: `${url} (folder sub)`,
    });
    expect(pnpmSubject({ kind: 'git', id: 'a', repo: url, commit: 'c' })).toEqual({
      label: 'a',
      source: `${url}#c`,
    });
  });

  it('resolves a file beside the lockfile', () => {
    expect(pnpmSource({ id: 'a' }, { tarball: 'file:lib/a.tgz' }, place)).toMatchObject({
      kind: 'file',
      path: '/project/lib/a.tgz',
    });
  });

  it('keeps commit and folder of a repository', () => {
    const resolution = { type: 'git', repo: 'https://host.example/a', commit: 'c', path: 'sub' };
    expect(pnpmSource({ id: 'a' }, resolution, place)).toEqual({
      kind: 'git',
      id: 'a',
      repo: 'https://host.example/a',
      commit: 'c',
      folder: 'sub',
    });
  });

  it('leaves a folder alone that is what its key says', () => {
    const resolution = { type: 'directory', directory: 'lib/a' };
    expect(pnpmSource(named('a', 'file:lib/a'), resolution, place)).toBeUndefined();
    expect(pnpmSource(named('a', 'file:./lib/a'), resolution, place)).toBeUndefined();
  });

  it('leaves a folder alone whose name pnpm cuts at parentheses', () => {
    const resolution = { type: 'directory', directory: 'lib(1)/a' };
    expect(pnpmSource(named('a', 'file:lib'), resolution, place)).toBeUndefined();
    const other = { type: 'directory', directory: 'lib/a(1)' };
    expect(() => pnpmSource(named('a', 'file:lib'), other, place)).toThrow('cannot inspect');
  });

  it.each([
    ['an unknown type', { type: 'custom:x' }],
    ['a folder under another key', { type: 'directory', directory: 'lib/a' }],
    ['a runtime under another key', { type: 'binary', url: 'https://nodejs.org/x' }],
    ['a URL that is no text', { tarball: ['https://host.example/a.tgz'] as never }],
    ['git without a commit', { type: 'git', repo: 'https://host.example/a' }],
    ['nothing at all', {}],
  ])('refuses %s', (_, resolution) => {
    expect(() => pnpmSource({ id: 'a' }, resolution, place)).toThrow('cannot inspect');
  });

  it('refuses to guess a registry', () => {
    const nowhere = { ...place, settings: {} };
    expect(() => pnpmSource(named('a', '1.0.0'), { integrity: 'sha512-x' }, nowhere)).toThrow(
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

  it.each([
    ['everywhere', { 'a@1.0.0': { optional: true }, 'a@1.0.0(b@1.0.0)': { optional: true } }, true],
    ['with some peers', { 'a@1.0.0': { optional: true }, 'a@1.0.0(b@1.0.0)': {} }, false],
    ['by "false"', { 'a@1.0.0': { optional: false } }, false],
    ['nowhere', { 'a@1.0.0': {} }, false],
    ['by no snapshot at all', { 'b@1.0.0': { optional: true } }, false],
  ])('says whether a lockfile calls it optional: %s', (_, snapshots, calledOptional) => {
    const importers = { '.': { optionalDependencies: { a: '1.0.0' } } };
    const packages = { 'a@1.0.0': { resolution } };
    expect(lockedSources({ importers, packages, snapshots }, place)).toMatchObject([
      { calledOptional },
    ]);
  });

  it('finds nothing in a lockfile without packages', () => {
    expect(lockedSources({}, place)).toEqual([]);
  });
});
