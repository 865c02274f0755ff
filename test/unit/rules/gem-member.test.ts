import { describe, expect, it } from 'vitest';
import { type GemOptions, gemOf, member } from '../../support/gem.ts';
import { inspected } from '../../support/inspected.ts';

const RULE = 'gem-member';
const verdictOf = (odd: GemOptions) => inspected(gemOf(odd), { format: 'gem' });

describe('gem-member', () => {
  it('rejects a second data.tar.gz', () => {
    const verdict = verdictOf({ outer: [member('data.tar.gz', 'x')] });
    expect(verdict.of(RULE)).toMatchObject([
      {
        level: 'error',
        layer: 'gem',
        entry: 'data.tar.gz',
        message: expect.stringContaining('is there twice'),
      },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it.each([
    ['a gemspec that is not compressed', 'metadata', { level: 'error', entry: 'metadata' }],
    ['a name that only begins as a known one', 'metadata.gz\n', { level: 'error' }],
    ['a path that leads to a known one', './metadata.gz', { level: 'error' }],
  ])('rejects %s', (_, name, expected) => {
    const verdict = verdictOf({ outer: [member(name, 'x')] });
    expect(verdict.of(RULE)).toMatchObject([expected]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects content that is a folder', () => {
    const verdict = verdictOf({ dataHeader: { typeflag: '5' } });
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', message: expect.stringContaining('is not a plain file') },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects content that is not compressed', () => {
    const verdict = verdictOf({ data: Buffer.from('plain') });
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', message: expect.stringContaining('is not compressed with gzip') },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it.each([
    ['signatures', { outer: [member('data.tar.gz.sig', 'x')] }],
    ['files before the others', { outerBefore: [member('metadata.gz.sig', 'x')] }],
  ])('is silent about %s', (_, options) => {
    const verdict = verdictOf(options);
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
