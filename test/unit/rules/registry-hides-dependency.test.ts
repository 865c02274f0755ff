import { describe, expect, it } from 'vitest';
import { npmDeclared } from '../../../packages/core/src/metadata/npm-declared.ts';
import { locked, pnpmLocked, rulesOf, type Words } from '../../support/words.ts';

const RULE = 'registry-hides-dependency';

describe('registry-hides-dependency', () => {
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
