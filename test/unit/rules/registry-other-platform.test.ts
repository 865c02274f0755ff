import { describe, expect, it } from 'vitest';
import { pnpmLocked, rulesOf, type Words } from '../../support/words.ts';

const RULE = 'registry-other-platform';

describe('registry-other-platform', () => {
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
