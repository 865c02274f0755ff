import { describe, expect, it } from 'vitest';
import { type GemOptions, gemOf, gemspecOf } from '../../support/gem.ts';
import { inspected } from '../../support/inspected.ts';

const RULE = 'gemspec-duplicate-key';
const verdictOf = (odd: GemOptions) => inspected(gemOf(odd), { format: 'gem' });

describe('gemspec-duplicate-key', () => {
  it('rejects a field twice', () => {
    const verdict = verdictOf({
      metadata: gemspecOf().replace('bindir:', 'name: fixture\nbindir:'),
    });
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', message: expect.stringContaining('"name"') },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a key of a map twice', () => {
    const verdict = verdictOf({ gemspec: { metadata: '\n  a: b\n  a: c' } });
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', message: expect.stringContaining('"a"') },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a key twice, in quotes and without', () => {
    const verdict = verdictOf({ gemspec: { metadata: '\n  a: b\n  "a": c' } });
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error' }]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about a key of two maps', () => {
    const verdict = verdictOf({ gemspec: { metadata: '\n  name: x' } });
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
