import { describe, expect, it } from 'vitest';
import { type GemOptions, gemOf, gemspecOf } from '../../support/gem.ts';
import { expectRejected, expectSilent, inspected } from '../../support/inspected.ts';

const RULE = 'gemspec-duplicate-key';
const verdictOf = (odd: GemOptions) => inspected(gemOf(odd), { format: 'gem' });

describe('gemspec-duplicate-key', () => {
  it('rejects a field twice', () => {
    const verdict = verdictOf({
      metadata: gemspecOf().replace('bindir:', 'name: fixture\nbindir:'),
    });
    expectRejected(verdict, RULE, [{ level: 'error', message: expect.stringContaining('"name"') }]);
  });

  it('rejects a key of a map twice', () => {
    const verdict = verdictOf({ gemspec: { metadata: '\n  a: b\n  a: c' } });
    expectRejected(verdict, RULE, [{ level: 'error', message: expect.stringContaining('"a"') }]);
  });

  it('rejects a key twice, in quotes and without', () => {
    const verdict = verdictOf({ gemspec: { metadata: '\n  a: b\n  "a": c' } });
    expectRejected(verdict, RULE, [{ level: 'error' }]);
  });

  it('is silent about a key of two maps', () => {
    expectSilent(verdictOf({ gemspec: { metadata: '\n  name: x' } }), RULE);
  });
});
