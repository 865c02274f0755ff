import { describe, expect, it } from 'vitest';
import { type GemOptions, gemOf } from '../../support/gem.ts';
import { inspected } from '../../support/inspected.ts';

const RULE = 'gemspec-name-mismatch';
const verdictOf = (odd: GemOptions) => inspected(gemOf(odd), { format: 'gem' });

describe('gemspec-name-mismatch', () => {
  it('rejects another name', () => {
    const verdict = verdictOf({ name: 'evil' });
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', message: expect.stringContaining('"evil" instead of') },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about the same name', () => {
    const verdict = verdictOf({});
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about another name where nobody asked', () => {
    const verdict = inspected(gemOf({ name: 'evil' }), { format: 'gem', expected: {} });
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
