import { describe, expect, it } from 'vitest';
import { rulesOf, type Words } from '../../support/words.ts';

const RULE = 'registry-other-bin';

describe('registry-other-bin', () => {
  it.each<[string, Words]>([
    ['a command that the document does not have', { archive: { bin: { ls: 'index.js' } } }],
    [
      'another target',
      {
        archive: { bin: { tool: 'other.js' } },
        document: { bin: { tool: 'index.js' } },
      },
    ],
  ])('warns about %s', (_, words) => {
    expect(rulesOf(words)).toEqual([`warning ${RULE}`]);
  });

  it.each<[string, Words]>([
    [
      'a text in the archive',
      {
        archive: { bin: './index.js' },
        document: { bin: { fixture: 'index.js' } },
      },
    ],
    [
      'a folder whose files the document lists',
      {
        archive: { directories: { bin: './bin' } },
        document: { bin: { a: 'bin/a.js' } },
      },
    ],
    [
      'a folder that the document leaves as it is',
      {
        archive: { directories: { bin: 'bin' } },
        document: { directories: { bin: 'bin' } },
      },
    ],
    ['an empty command', { archive: { bin: '' } }],
  ])('is silent about %s', (_, words) => {
    expect(rulesOf(words)).toEqual([]);
  });
});
