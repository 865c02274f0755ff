import { describe, expect, it } from 'vitest';
import { pnpmLocked, rulesOf, type Words } from '../../support/words.ts';

describe('registry-other-bin', () => {
  const RULE = 'registry-other-bin';

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

describe('registry-other-platform', () => {
  const RULE = 'registry-other-platform';

  it.each<[string, Words]>([
    ['another system', { archive: { os: ['linux'] }, document: { os: ['win32'] } }],
    ['a processor that the document does not have', { archive: { cpu: ['arm64'] } }],
    ['another libc', { archive: { libc: ['musl'] }, document: { libc: ['glibc'] } }],
    ["pnpm's lockfile", { archive: { os: ['linux'] }, claim: pnpmLocked({ os: ['darwin'] }) }],
  ])('warns about %s', (_, words) => {
    expect(rulesOf(words)).toEqual([`warning ${RULE}`]);
  });

  it.each<[string, Words]>([
    ['a single name', { archive: { os: 'linux' }, document: { os: ['linux'] } }],
    ['another order', { archive: { cpu: ['x64', 'arm64'] }, document: { cpu: ['arm64', 'x64'] } }],
    ['a document without libc', { archive: { libc: ['musl'] } }],
  ])('is silent about %s', (_, words) => {
    expect(rulesOf(words)).toEqual([]);
  });
});
