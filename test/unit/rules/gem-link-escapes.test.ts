import { describe, expect, it } from 'vitest';
import { type GemOptions, gemOf } from '../../support/gem.ts';
import { inspected } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'gem-link-escapes';
const verdictOf = (odd: GemOptions) => inspected(gemOf(odd), { format: 'gem' });
const link = (name: string, linkname: string): Buffer => entry({ name, typeflag: '2', linkname });

describe('gem-link-escapes', () => {
  it('rejects a link that leads out', () => {
    const verdict = verdictOf({ entries: [link('x', '../x')] });
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entry: 'x' }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects an absolute link', () => {
    const verdict = verdictOf({ entries: [link('x', '/etc')] });
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error' }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a link whose way leads out and back', () => {
    const verdict = verdictOf({ entries: [link('a/x', '../../fixture-1.0.0/lib')] });
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error' }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a link that leads out through another', () => {
    const verdict = verdictOf({ entries: [link('a/b/c', '../..'), link('x', 'a/b/c/..')] });
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entry: 'x' }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a link that leads out as it is written, and not through another', () => {
    const verdict = verdictOf({
      entries: [entry({ name: 'a/b/f' }), link('d', 'a/b'), link('x', 'd/../../lib')],
    });
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entry: 'x' }]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about a link that stays inside', () => {
    const verdict = verdictOf({ entries: [link('bin/x', '../lib/fixture.rb')] });
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
