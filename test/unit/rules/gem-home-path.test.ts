import { describe, it } from 'vitest';
import { type GemOptions, gemOf } from '../../support/gem.ts';
import { expectRejected, expectSilent, inspected } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'gem-home-path';
const verdictOf = (odd: GemOptions) => inspected(gemOf(odd), { format: 'gem' });

describe('gem-home-path', () => {
  it('rejects a path that begins with a home folder', () => {
    const verdict = verdictOf({ entries: [entry({ name: '~root/x' })] });
    expectRejected(verdict, RULE, [{ level: 'error', entry: '~root/x' }]);
  });

  it('rejects a path that is one', () => {
    expectRejected(verdictOf({ entries: [entry({ name: '~' })] }), RULE, [{ level: 'error' }]);
  });

  it('rejects a link to one', () => {
    const verdict = verdictOf({
      entries: [entry({ name: 'x', typeflag: '2', linkname: '~root' })],
    });
    expectRejected(verdict, RULE, [{ level: 'error', entry: 'x' }]);
  });

  it('is silent about a tilde behind the first letter', () => {
    const verdict = verdictOf({ entries: [entry({ name: 'lib/~x' }), entry({ name: 'x.rb~' })] });
    expectSilent(verdict, RULE);
  });
});
