/** Published packages that depend on a folder or file of this machine, in manifests and in lockfiles. */
import { describe, expect, test } from 'vitest';
import {
  refuseLocalDependencies,
  refuseLocalEdges,
} from '../../../packages/pnpm-hook/src/project/local-edges.ts';
import {
  ownSpecifiers,
  type OwnSpecifiers,
} from '../../../packages/pnpm-hook/src/settings/own-specifiers.ts';
import type { PnpmLockfile, PnpmManifest } from '../../../packages/pnpm-hook/src/pnpm-shapes.ts';

const none: OwnSpecifiers = { specifiers: [], overridden: [] };
const resolution = { integrity: 'sha512-x' };
const refused = /^tarwarden: a@1\.0\.0 is refused.* only the project and its workspaces may name/;

describe('a manifest from a registry', () => {
  const judge =
    (manifest: object, config: object = {}) =>
    () =>
      refuseLocalDependencies(
        { name: 'a', version: '1.0.0', ...manifest } as PnpmManifest,
        ownSpecifiers(config as Record<string, unknown>),
      );

  test.each([
    { dependencies: { b: 'file:/b' } },
    { optionalDependencies: { b: 'link:../b' } },
    { dependencies: { b: '../b' }, bundleDependencies: ['c'] },
  ])('is refused: %j', (manifest) => {
    expect(judge(manifest)).toThrow(refused);
  });

  test.each([
    {},
    { dependencies: { b: '^1.0.0', c: 'github:u/r' } },
    { devDependencies: { b: 'file:../b' } },
    { peerDependencies: { b: 'file:../b' } },
    { dependencies: { b: 'file:b' }, bundleDependencies: ['b'] },
    { dependencies: { b: 'file:b' }, bundledDependencies: true },
    { dependencies: { b: 5 } },
  ])('is taken: %j', (manifest) => {
    expect(judge(manifest)).not.toThrow();
  });

  const manifest = { dependencies: { b: 'link:../b' } };
  test.each([
    { packageExtensions: { a: { dependencies: { b: 'link:../b' } } } },
    { overrides: { b: '1.0.0' } },
    { overrides: { 'a@>=1>b': '1.0.0' } },
    { overrides: { 'b@>1': '1.0.0' } },
    { rootProjectManifest: { pnpm: { overrides: { b: '-' } } } },
    { rootProjectManifest: { resolutions: { b: '1.0.0' } } },
  ])('is taken where the project says so: %j', (config) => {
    expect(judge(manifest, config)).not.toThrow();
  });

  test.each([
    { overrides: { c: '1.0.0', 'b>c': '1.0.0', '@s/b': '1.0.0' } },
    { packageExtensions: { a: { dependencies: { b: 'link:../c' } } } },
    { rootProjectManifest: 'x', overrides: null },
  ])('is refused where the project says something else: %j', (config) => {
    expect(judge(manifest, config)).toThrow(refused);
  });
});

describe('a lockfile', () => {
  const judge =
    (lockfile: object, more: { own?: OwnSpecifiers; folders?: string[] } = {}) =>
    () =>
      refuseLocalEdges(lockfile as PnpmLockfile, {
        lockfileDir: '/project',
        own: more.own ?? none,
        folders: () => more.folders ?? [],
      });
  const naming = (reference: string, more: object = {}): object => ({
    importers: { '.': { dependencies: { a: '1.0.0' } } },
    packages: { 'a@1.0.0': { resolution } },
    snapshots: { 'a@1.0.0': { dependencies: { b: reference } } },
    ...more,
  });

  test.each([
    'link:../b',
    'link:/b',
    'link:b',
    'file:../b',
    'b@file:../b',
    'b@file:b.tgz(c@1.0.0)',
  ])('is refused with %s in a published package', (reference) => {
    expect(judge(naming(reference))).toThrow(refused);
    const { snapshots, packages: _, ...rest } = naming(reference) as Record<string, object>;
    const merged = { 'a@1.0.0': { resolution, ...((snapshots as never)['a@1.0.0'] as object) } };
    expect(judge({ ...rest, packages: merged })).toThrow(refused);
  });

  test('is refused with it in one of several snapshots, and among optional dependencies', () => {
    const snapshots = {
      'a@1.0.0': {},
      'a@1.0.0(c@1.0.0)': { optionalDependencies: { b: 'link:../b' } },
    };
    expect(judge(naming('1.0.0', { snapshots }))).toThrow(refused);
  });

  test.each(['1.0.0', '1.0.0(c@1.0.0)', 'c@1.0.0', 'https://host.example/file:x'])(
    'is taken with %s',
    (reference) => {
      expect(judge(naming(reference))).not.toThrow();
    },
  );

  test.each<[string, string, object]>([
    ['its dependency', 'link:../b', { importers: { '.': { dependencies: { b: 'link:../b' } } } }],
    [
      'the dependency of a project in a folder',
      'link:packages/b',
      { importers: { project: { devDependencies: { b: { version: 'link:../packages/b' } } } } },
    ],
    ['a copy', 'b@file:../b', { importers: { '.': { dependencies: { b: 'file:../b' } } } }],
    ['a project', 'link:project', { importers: {} }],
    ['an override', 'link:../b', { overrides: { b: 'link:../b' } }],
    ['an override by an absolute path', 'link:../b', { overrides: { b: 'file:///b' } }],
  ])('is taken where the project names the folder: %s', (_, reference, more) => {
    expect(judge(naming(reference, more), { folders: ['/project/project'] })).not.toThrow();
  });

  test('takes the words of the settings, and projects outside that a pattern names', () => {
    const own = { specifiers: ['link:../b'], overridden: [] };
    expect(judge(naming('link:../b'), { own })).not.toThrow();
    expect(judge(naming('link:../b'), { folders: ['/b'] })).not.toThrow();
  });

  test.each([
    { '../b': {} },
    { packages: { dependencies: { b: 'link:../../b' } } },
    { '../b': { dependencies: { b: 'file:../b' } } },
  ])('does not believe a lockfile that a folder is a project: %j', (importers) => {
    expect(judge(naming('link:../b', { importers }))).toThrow(refused);
  });

  const published = { 'a@1.0.0': { resolution } };
  const packages = {
    ...published,
    'lib@file:lib': { resolution: { type: 'directory', directory: 'lib' } },
    'deep@file:../deep': { resolution: { type: 'directory', directory: '../deep' } },
  };
  const snapshots = {
    'a@1.0.0': { dependencies: { b: 'link:../b' } },
    'lib@file:lib': { dependencies: { deep: 'file:../deep' } },
    'deep@file:../deep': { optionalDependencies: { b: 'link:../b' } },
  };

  test('takes what a folder depends on that the project names', () => {
    const importers = { '.': { dependencies: { a: '1.0.0', lib: 'file:lib' } } };
    expect(judge({ importers, packages, snapshots })).not.toThrow();
    expect(judge({})).not.toThrow();
  });

  test('is refused where nothing in the project names that folder', () => {
    const importers = { '.': { dependencies: { a: '1.0.0' } } };
    expect(judge({ importers, packages, snapshots })).toThrow(refused);
  });
});
