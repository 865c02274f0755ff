import { describe, expect, it } from 'vitest';
import { type GemOptions, gemOf } from '../../support/gem.ts';
import { inspected } from '../../support/inspected.ts';

const RULE = 'gemspec-version-mismatch';
const verdictOf = (odd: GemOptions) => inspected(gemOf(odd), { format: 'gem' });

describe('gemspec-version-mismatch', () => {
  it('rejects another version', () => {
    const verdict = verdictOf({ version: '0.9.0' });
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', message: expect.stringContaining('"0.9.0" instead of') },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about the same version', () => {
    const verdict = verdictOf({});
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about another version where nobody asked', () => {
    const verdict = inspected(gemOf({ version: '0.9.0' }), { format: 'gem', expected: {} });
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
