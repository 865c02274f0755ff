import { describe, expect, it } from 'vitest';
import { type GemOptions, gemOf } from '../../support/gem.ts';
import { expectRejected, expectSilent, inspected } from '../../support/inspected.ts';

const RULE = 'gemspec-name-mismatch';
const verdictOf = (odd: GemOptions) => inspected(gemOf(odd), { format: 'gem' });

describe('gemspec-name-mismatch', () => {
  it('rejects another name', () => {
    const verdict = verdictOf({ name: 'evil' });
    expectRejected(verdict, RULE, [
      { level: 'error', message: expect.stringContaining('"evil" instead of') },
    ]);
  });

  it('is silent about the same name', () => {
    expectSilent(verdictOf({}), RULE);
  });

  it('is silent about another name where nobody asked', () => {
    expectSilent(inspected(gemOf({ name: 'evil' }), { format: 'gem', expected: {} }), RULE);
  });
});
