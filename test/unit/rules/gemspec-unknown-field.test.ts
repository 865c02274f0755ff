import { describe, expect, it } from 'vitest';
import { type GemOptions, gemOf } from '../../support/gem.ts';
import { inspected } from '../../support/inspected.ts';

const RULE = 'gemspec-unknown-field';
const verdictOf = (odd: GemOptions) => inspected(gemOf(odd), { format: 'gem' });

describe('gemspec-unknown-field', () => {
  it('rejects a field of RubyGems itself', () => {
    const verdict = verdictOf({ gemspec: { full_name: '../../planted' } });
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', message: expect.stringContaining('"full_name"') },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects any other field', () => {
    const verdict = verdictOf({ gemspec: { loaded_from: '/tmp/x' } });
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error' }]);
    expect(verdict.status).toBe('reject');
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
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
