import { describe, expect, it } from 'vitest';
import { npmDeclared } from '../../../packages/core/src/metadata/npm-declared.ts';
import { locked, pnpmLocked, rulesOf, short, type Words } from '../../support/words.ts';

describe('registry-hides-script', () => {
  const RULE = 'registry-hides-script';

  it.each<[string, Words]>([
    [
      'a script that the whole document does not have',
      { archive: { scripts: { postinstall: 'node index.js' } } },
    ],
    [
      'a script beside one that is shown',
      {
        archive: { scripts: { preinstall: 'a', postinstall: 'b' } },
        document: { scripts: { postinstall: 'b' } },
      },
    ],
    [
      'another text',
      {
        archive: { scripts: { install: 'curl evil' } },
        document: { scripts: { install: 'node build.js' } },
      },
    ],
    ['a binding.gyp', { files: { 'binding.gyp': '{}' } }],
    [
      'a document that denies it',
      {
        archive: { scripts: { install: 'a' } },
        claim: short({ hasInstallScript: false }),
      },
    ],
    [
      'a short document of a registry that tells',
      {
        archive: { scripts: { install: 'a' } },
        claim: short({}, true),
      },
    ],
    ...[null, [], 'none'].map((scripts): [string, Words] => [
      `a short document of such a registry with scripts ${JSON.stringify(scripts)}`,
      { archive: { scripts: { install: 'a' } }, claim: short({ scripts }, true) },
    ]),
    ...[null, 0, 'no'].map((hasInstallScript): [string, Words] => [
      `a short document of such a registry with ${JSON.stringify(hasInstallScript)} for an answer`,
      { archive: { scripts: { install: 'a' } }, claim: short({ hasInstallScript }, true) },
    ]),
    [
      'a lockfile with null for an answer',
      { archive: { scripts: { install: 'a' } }, claim: locked({ hasInstallScript: null }, true) },
    ],
    [
      'a lockfile that tells of other packages',
      {
        archive: { scripts: { install: 'a' } },
        claim: locked({}, true),
      },
    ],
  ])('rejects %s', (_, words) => {
    expect(rulesOf(words)).toEqual([`error ${RULE}`]);
  });

  it.each<[string, Words]>([
    [
      'the same script',
      {
        archive: { scripts: { postinstall: 'b', test: 'c' } },
        document: { scripts: { postinstall: 'b' } },
      },
    ],
    [
      'a short document that says so',
      {
        archive: { scripts: { install: 'a' } },
        claim: short({ hasInstallScript: true }),
      },
    ],
    [
      'node-gyp as npm publishes it',
      {
        files: { 'binding.gyp': '{}' },
        document: { gypfile: true, scripts: { install: 'node-gyp rebuild' } },
      },
    ],
    [
      'node-gyp that the package switches off',
      { archive: { gypfile: false }, files: { 'binding.gyp': '{}' } },
    ],
    [
      'the folder of commands, which npm removes',
      {
        archive: { scripts: { install: './node_modules/.bin/tool x' } },
        document: { scripts: { install: 'tool x' } },
      },
    ],
    ['an empty script', { archive: { scripts: { install: '' } } }],
    [
      'a lockfile without a word about scripts',
      { archive: { scripts: { install: 'a' } }, claim: locked({}) },
    ],
  ])('is silent about %s', (_, words) => {
    expect(rulesOf(words)).toEqual([]);
  });
});

describe('registry-hides-dependency', () => {
  const RULE = 'registry-hides-dependency';

  it.each<[string, Words]>([
    ['a dependency', { archive: { dependencies: { evil: '1.0.0' } } }],
    [
      'one of several',
      {
        archive: { dependencies: { a: '1', evil: '1' } },
        document: { dependencies: { a: '1' } },
      },
    ],
    ['an optional dependency', { archive: { optionalDependencies: { evil: '1.0.0' } } }],
    [
      'a dependency called __proto__',
      {
        archive: JSON.parse('{"dependencies":{"__proto__":"1.0.0"}}') as Record<string, unknown>,
      },
    ],
    [
      'a dependency that a lockfile hides',
      { archive: { dependencies: { evil: '1.0.0' } }, claim: locked({}) },
    ],
    [
      "a dependency that pnpm's lockfile hides",
      { archive: { dependencies: { evil: '1.0.0' } }, claim: pnpmLocked({}) },
    ],
    [
      "a dependency that the archive calls a peer too, and pnpm's lockfile hides",
      {
        archive: { dependencies: { evil: '1.0.0' }, peerDependencies: { evil: '1.0.0' } },
        claim: pnpmLocked({}),
      },
    ],
    [
      "a dependency that the archive says it contains, and pnpm's lockfile hides",
      {
        archive: { dependencies: { evil: '1.0.0' }, bundleDependencies: ['evil'] },
        claim: pnpmLocked({}),
      },
    ],
    [
      "a dependency that is only a peer in pnpm's lockfile",
      {
        archive: { dependencies: { evil: '1.0.0' } },
        claim: pnpmLocked({ peerDependencies: { evil: '1.0.0' } }),
      },
    ],
  ])('rejects %s', (_, words) => {
    expect(rulesOf(words)).toEqual([`error ${RULE}`]);
  });

  it('rejects a list that is too long to be repeated, and a document with its digest', () => {
    const long = Object.fromEntries(
      Array.from({ length: 2000 }, (_, at) => [`dependency-${at}`, '1.0.0']),
    );
    const archive = { dependencies: long };
    expect(rulesOf({ archive, document: { dependencies: long } })).toEqual([]);
    const { dependencies } = npmDeclared(archive);
    expect(dependencies).toMatch(/^sha256:/);
    const posed = { '(a long list)': dependencies, ' (a long list)/': dependencies };
    for (const other of [{ ...long, more: '1' }, dependencies, posed])
      expect(rulesOf({ archive, document: { dependencies: other } })).toContain(`error ${RULE}`);
  });

  it.each<[string, Words]>([
    [
      "a dependency that is also a peer, in pnpm's lockfile",
      {
        archive: { dependencies: { a: '^1' }, peerDependencies: { a: '^1' } },
        claim: pnpmLocked({ peerDependencies: { a: '^1' } }),
      },
    ],
    [
      "a dependency that the archive contains, in pnpm's lockfile",
      {
        archive: { dependencies: { a: '^1' }, bundleDependencies: ['a'] },
        claim: pnpmLocked({ bundledDependencies: ['a'] }),
      },
    ],
    [
      "dependencies that the archive contains, where pnpm's lockfile says true",
      {
        archive: { dependencies: { a: '^1' }, bundleDependencies: true },
        claim: pnpmLocked({ bundledDependencies: true }),
      },
    ],
    [
      "a dependency on itself, which pnpm's lockfile does not have",
      { archive: { dependencies: { fixture: '^0.9.0' } }, claim: pnpmLocked({}) },
    ],
    [
      'the same dependencies',
      {
        archive: { dependencies: { a: '^1' } },
        document: { dependencies: { a: '^1' } },
      },
    ],
    [
      'optional dependencies in both maps',
      {
        archive: { optionalDependencies: { a: '^1' } },
        document: { dependencies: { a: '^1' }, optionalDependencies: { a: '^1' } },
      },
    ],
    ['dependencies for development', { archive: { devDependencies: { a: '^1' } } }],
    [
      "the version in pnpm's lockfile",
      {
        archive: { dependencies: { a: '^1' } },
        claim: pnpmLocked({ dependencies: { a: '1.0.0' } }),
      },
    ],
    [
      "pnpm's lockfile of a project that removes dependencies",
      {
        archive: { dependencies: { a: '^1' } },
        claim: pnpmLocked({}, false),
      },
    ],
  ])('is silent about %s', (_, words) => {
    expect(rulesOf(words)).toEqual([]);
  });
});
