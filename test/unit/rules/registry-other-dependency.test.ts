import { describe, expect, it } from 'vitest';
import { rulesOf, type Words } from '../../support/words.ts';

const RULE = 'registry-other-dependency';

describe('registry-other-dependency', () => {
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
