import { describe, expect, it } from 'vitest';
import { type GemOptions, gemOf } from '../../support/gem.ts';
import { inspected } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'gem-home-path';
const verdictOf = (odd: GemOptions) => inspected(gemOf(odd), { format: 'gem' });

describe('gem-home-path', () => {
  it('rejects a path that begins with a home folder', () => {
    const verdict = verdictOf({ entries: [entry({ name: '~root/x' })] });
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entry: '~root/x' }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a path that is one', () => {
    const verdict = verdictOf({ entries: [entry({ name: '~' })] });
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error' }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a link to one', () => {
    const verdict = verdictOf({
      entries: [entry({ name: 'x', typeflag: '2', linkname: '~root' })],
    });
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entry: 'x' }]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about a tilde behind the first letter', () => {
    const verdict = verdictOf({ entries: [entry({ name: 'lib/~x' }), entry({ name: 'x.rb~' })] });
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
