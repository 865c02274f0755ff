import { describe, expect, it } from 'vitest';
import { arboristClaim } from '@tarwarden/core/metadata';
import { rulesOf, type Words } from '../../support/words.ts';

const RULE = 'registry-other-identity';

describe('registry-other-identity', () => {
  it.each<[string, Words]>([
    ['another version', { document: { version: '2.0.0' } }],
    ['another name', { document: { name: 'other' } }],
    [
      'another name in a document with fields of a lockfile',
      { claim: arboristClaim({ name: 'other', version: '1.0.0', resolved: '', dist: {} }, false) },
    ],
  ])('rejects %s', (_, words) => {
    expect(rulesOf(words)).toEqual([`error ${RULE}`]);
  });

  it.each<[string, Words]>([
    ['a leading v', { document: { version: 'v1.0.0' } }],
    ['build metadata', { document: { version: '1.0.0+build.1' } }],
    [
      'a document without both',
      { claim: { ecosystem: 'npm', by: 'registry', document: { description: 'x' } } },
    ],
  ])('is silent about %s', (_, words) => {
    expect(rulesOf(words)).toEqual([]);
  });
});
