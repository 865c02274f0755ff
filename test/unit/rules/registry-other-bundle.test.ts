import { describe, expect, it } from 'vitest';
import { rulesOf, type Words } from '../../support/words.ts';

const RULE = 'registry-other-bundle';

describe('registry-other-bundle', () => {
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
