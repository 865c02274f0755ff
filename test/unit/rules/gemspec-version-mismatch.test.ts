import { describe, expect, it } from 'vitest';
import { type GemOptions, gemOf } from '../../support/gem.ts';
import { expectRejected, expectSilent, inspected } from '../../support/inspected.ts';

const RULE = 'gemspec-version-mismatch';
const verdictOf = (odd: GemOptions) => inspected(gemOf(odd), { format: 'gem' });

describe('gemspec-version-mismatch', () => {
  it('rejects another version', () => {
    const verdict = verdictOf({ version: '0.9.0' });
    expectRejected(verdict, RULE, [
      { level: 'error', message: expect.stringContaining('"0.9.0" instead of') },
    ]);
  });

  it('is silent about the same version', () => {
    expectSilent(verdictOf({}), RULE);
  });

  it('is silent about another version where nobody asked', () => {
    expectSilent(inspected(gemOf({ version: '0.9.0' }), { format: 'gem', expected: {} }), RULE);
  });
});
