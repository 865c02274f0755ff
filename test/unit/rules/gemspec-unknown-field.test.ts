import { describe, expect, it } from 'vitest';
import { type GemOptions, gemOf } from '../../support/gem.ts';
import { expectRejected, expectSilent, inspected } from '../../support/inspected.ts';

const RULE = 'gemspec-unknown-field';
const verdictOf = (odd: GemOptions) => inspected(gemOf(odd), { format: 'gem' });

describe('gemspec-unknown-field', () => {
  it('rejects a field of RubyGems itself', () => {
    const verdict = verdictOf({ gemspec: { full_name: '../../planted' } });
    expectRejected(verdict, RULE, [
      { level: 'error', message: expect.stringContaining('"full_name"') },
    ]);
  });

  it('rejects any other field', () => {
    expectRejected(verdictOf({ gemspec: { loaded_from: '/tmp/x' } }), RULE, [{ level: 'error' }]);
  });

  it('is silent about fields of old RubyGems', () => {
    const verdict = verdictOf({
      gemspec: {
        author: 'Somebody',
        has_rdoc: 'true',
        default_executable: '',
        rubyforge_project: 'x',
        autorequire: '',
      },
    });
    expectSilent(verdict, RULE);
  });
});
