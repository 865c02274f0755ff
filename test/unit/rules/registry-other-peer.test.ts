import { describe, expect, it } from 'vitest';
import { rulesOf, type Words } from '../../support/words.ts';

const RULE = 'registry-other-peer';

describe('registry-other-peer', () => {
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
