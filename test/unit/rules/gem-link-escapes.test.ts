import { describe, it } from 'vitest';
import { type GemOptions, gemOf } from '../../support/gem.ts';
import { expectRejected, expectSilent, inspected } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'gem-link-escapes';
const verdictOf = (odd: GemOptions) => inspected(gemOf(odd), { format: 'gem' });
const link = (name: string, linkname: string): Buffer => entry({ name, typeflag: '2', linkname });

describe('gem-link-escapes', () => {
  it.each([
    ['a link that leads out', [link('x', '../x')], { level: 'error', entry: 'x' }],
    ['an absolute link', [link('x', '/etc')], { level: 'error' }],
    [
      'a link whose way leads out and back',
      [link('a/x', '../../fixture-1.0.0/lib')],
      { level: 'error' },
    ],
    [
      'a link that leads out through another',
      [link('a/b/c', '../..'), link('x', 'a/b/c/..')],
      { level: 'error', entry: 'x' },
    ],
    [
      'a link that leads out as it is written, and not through another',
      [entry({ name: 'a/b/f' }), link('d', 'a/b'), link('x', 'd/../../lib')],
      { level: 'error', entry: 'x' },
    ],
  ])('rejects %s', (_, entries, expected) => {
    expectRejected(verdictOf({ entries }), RULE, [expected]);
  });

  it('is silent about a link that stays inside', () => {
    expectSilent(verdictOf({ entries: [link('bin/x', '../lib/fixture.rb')] }), RULE);
  });
});
