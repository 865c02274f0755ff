import { describe, expect, it } from 'vitest';
import { rulesOf, type Words } from '../../support/words.ts';

describe('registry-other-dependency', () => {
  const RULE = 'registry-other-dependency';

  it.each<[string, Words]>([
    [
      'another range',
      {
        archive: { dependencies: { a: '^1' } },
        document: { dependencies: { a: '*' } },
      },
    ],
    [
      'another repository of the same owner',
      {
        archive: { dependencies: { a: 'owner/a' } },
        document: { dependencies: { a: 'github:owner/b' } },
      },
    ],
    ['a dependency that only the document has', { document: { dependencies: { a: '*' } } }],
    [
      'one that is optional in the archive alone',
      {
        archive: { optionalDependencies: { a: '*' } },
        document: { dependencies: { a: '*' } },
      },
    ],
  ])('warns about %s', (_, words) => {
    expect(rulesOf(words)).toEqual([`warning ${RULE}`]);
  });

  it.each<[string, Words]>([
    [
      'spaces',
      {
        archive: { dependencies: { a: ' ^1' } },
        document: { dependencies: { a: '^1 ' } },
      },
    ],
    [
      'a repository of GitHub in either spelling',
      {
        archive: { dependencies: { a: 'owner/a', b: 'owner/b#v1' } },
        document: { dependencies: { a: 'github:owner/a', b: 'github:owner/b#v1' } },
      },
    ],
    ['node-gyp, which Yarn adds', { document: { dependencies: { 'node-gyp': 'latest' } } }],
  ])('is silent about %s', (_, words) => {
    expect(rulesOf(words)).toEqual([]);
  });
});

describe('registry-other-peer', () => {
  const RULE = 'registry-other-peer';

  it.each<[string, Words]>([
    [
      'another range',
      {
        archive: { peerDependencies: { a: '^1' } },
        document: { peerDependencies: { a: '*' } },
      },
    ],
    [
      'a peer that is optional in the document alone',
      {
        archive: { peerDependencies: { a: '1' } },
        document: {
          peerDependencies: { a: '1' },
          peerDependenciesMeta: { a: { optional: true } },
        },
      },
    ],
  ])('warns about %s', (_, words) => {
    expect(rulesOf(words)).toEqual([`warning ${RULE}`]);
  });

  it.each<[string, Words]>([
    [
      'another order',
      {
        archive: { peerDependencies: { a: '1', b: '1' } },
        document: { peerDependencies: { b: '1', a: '1' } },
      },
    ],
    [
      'a meta entry without a meaning',
      {
        archive: { peerDependencies: { a: '1' }, peerDependenciesMeta: { a: {} } },
        document: { peerDependencies: { a: '1' } },
      },
    ],
  ])('is silent about %s', (_, words) => {
    expect(rulesOf(words)).toEqual([]);
  });
});

describe('registry-other-bundle', () => {
  const RULE = 'registry-other-bundle';

  it.each<[string, Words]>([
    [
      'a bundled package that the document does not have',
      { archive: { bundleDependencies: ['inner'] } },
    ],
    ['one that only the document has', { document: { bundleDependencies: ['inner'] } }],
  ])('warns about %s', (_, words) => {
    expect(rulesOf(words)).toEqual([`warning ${RULE}`]);
  });

  it.each<[string, Words]>([
    [
      'the other spelling',
      {
        archive: { bundledDependencies: ['inner'] },
        document: { bundleDependencies: ['inner'] },
      },
    ],
    [
      '`true` for all',
      {
        archive: { dependencies: { inner: '1' }, bundleDependencies: true },
        document: { dependencies: { inner: '1' }, bundleDependencies: ['inner'] },
      },
    ],
    ['`false` for none', { archive: { bundleDependencies: false } }],
  ])('is silent about %s', (_, words) => {
    expect(rulesOf(words)).toEqual([]);
  });
});
