import { describe, expect, it } from 'vitest';
import { type GemOptions, gemOf } from '../../support/gem.ts';
import { inspected } from '../../support/inspected.ts';

const RULE = 'gemspec-unsafe-class';
const verdictOf = (odd: GemOptions) => inspected(gemOf(odd), { format: 'gem' });

describe('gemspec-unsafe-class', () => {
  it('rejects an object of another class', () => {
    const verdict = verdictOf({ gemspec: { metadata: '!ruby/object:Gem::Installer\n  x: y' } });
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', message: expect.stringContaining('Gem::Installer') },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a known class where it is not an object', () => {
    const verdict = verdictOf({ gemspec: { authors: '!ruby/object:Gem::Version []' } });
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error' }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a hash of a class', () => {
    const verdict = verdictOf({ gemspec: { metadata: '!ruby/hash:Gem::Version {}' } });
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error' }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects another symbol', () => {
    const verdict = verdictOf({ gemspec: { summary: ':evil' } });
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', message: expect.stringContaining('":evil"') },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a symbol behind a bare tag', () => {
    const verdict = verdictOf({ gemspec: { summary: "! ':evil'" } });
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error' }]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about a text that looks like a symbol', () => {
    const verdict = verdictOf({ gemspec: { summary: "':evil'" } });
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about a text that is tagged as one', () => {
    const verdict = verdictOf({ gemspec: { summary: '!str evil' } });
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
