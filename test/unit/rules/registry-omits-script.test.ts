import { describe, expect, it } from 'vitest';
import { rulesOf, short, type Words } from '../../support/words.ts';

const RULE = 'registry-omits-script';

describe('registry-omits-script', () => {
  it.each<[string, Words]>([
    [
      'a short document without a word about scripts',
      { archive: { scripts: { install: 'a' } }, claim: short({}) },
    ],
  ])('warns about %s', (_, words) => {
    expect(rulesOf(words)).toEqual([`warning ${RULE}`]);
  });

  it.each<[string, Words]>([
    [
      'a short document that says so',
      {
        archive: { scripts: { install: 'a' } },
        claim: short({ hasInstallScript: true }),
      },
    ],
    [
      'a package without install scripts',
      { archive: { scripts: { test: 'a' } }, claim: short({}) },
    ],
  ])('is silent about %s', (_, words) => {
    expect(rulesOf(words)).toEqual([]);
  });
});
