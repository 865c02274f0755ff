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
    for (const other of [{ ...long, more: '1' }, dependencies])
      expect(rulesOf({ archive, document: { dependencies: other } })).toContain(`error ${RULE}`);
  });

  it.each<[string, Words]>([
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
