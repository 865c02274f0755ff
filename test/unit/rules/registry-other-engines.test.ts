import { describe, expect, it } from 'vitest';
import { rulesOf, type Words } from '../../support/words.ts';

const RULE = 'registry-other-engines';

describe('registry-other-engines', () => {
  it.each<[string, Words]>([
    [
      'another version',
      { archive: { engines: { node: '>=18' } }, document: { engines: { node: '*' } } },
    ],
    ['the document of chainsaw@0.1.0', { document: { engines: { node: '*' } } }],
  ])('notes %s', (_, words) => {
    expect(rulesOf(words)).toEqual([`note ${RULE}`]);
  });

  it.each<[string, Words]>([
    [
      'a list',
      {
        archive: { engines: ['node >= 0.4'] },
        document: { engines: { '0': 'node >= 0.4' } },
      },
    ],
    [
      'the same engines',
      { archive: { engines: { node: '1' } }, document: { engines: { node: '1' } } },
    ],
  ])('is silent about %s', (_, words) => {
    expect(rulesOf(words)).toEqual([]);
  });
});
