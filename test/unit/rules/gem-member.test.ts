import { describe, expect, it } from 'vitest';
import { type GemOptions, gemOf, member } from '../../support/gem.ts';
import { expectRejected, expectSilent, inspected } from '../../support/inspected.ts';

const RULE = 'gem-member';
const verdictOf = (odd: GemOptions) => inspected(gemOf(odd), { format: 'gem' });

describe('gem-member', () => {
  it('rejects a second data.tar.gz', () => {
    const verdict = verdictOf({ outer: [member('data.tar.gz', 'x')] });
    expectRejected(verdict, RULE, [
      {
        level: 'error',
        layer: 'gem',
        entry: 'data.tar.gz',
        message: expect.stringContaining('is there twice'),
      },
    ]);
  });

  it.each([
    ['a gemspec that is not compressed', 'metadata', { level: 'error', entry: 'metadata' }],
    ['a name that only begins as a known one', 'metadata.gz\n', { level: 'error' }],
    ['a path that leads to a known one', './metadata.gz', { level: 'error' }],
  ])('rejects %s', (_, name, expected) => {
    expectRejected(verdictOf({ outer: [member(name, 'x')] }), RULE, [expected]);
  });

  it('rejects content that is a folder', () => {
    const verdict = verdictOf({ dataHeader: { typeflag: '5' } });
    expectRejected(verdict, RULE, [
      { level: 'error', message: expect.stringContaining('is not a plain file') },
    ]);
  });

  it('rejects content that is not compressed', () => {
    const verdict = verdictOf({ data: Buffer.from('plain') });
    expectRejected(verdict, RULE, [
      { level: 'error', message: expect.stringContaining('is not compressed with gzip') },
    ]);
  });

  it.each([
    ['signatures', { outer: [member('data.tar.gz.sig', 'x')] }],
    ['files before the others', { outerBefore: [member('metadata.gz.sig', 'x')] }],
  ])('is silent about %s', (_, options) => {
    expectSilent(verdictOf(options), RULE);
  });
});
