import { describe, it } from 'vitest';
import { type GemOptions, gemOf } from '../../support/gem.ts';
import { expectRejected, expectSilent, inspected } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'gem-home-path';
const verdictOf = (odd: GemOptions) => inspected(gemOf(odd), { format: 'gem' });

describe('gem-home-path', () => {
  it.each([
    ['a path that begins with a home folder', { name: '~root/x' }, '~root/x'],
    ['a link to one', { name: 'x', typeflag: '2', linkname: '~root' }, 'x'],
  ])('rejects %s', (_, fields, entryName) => {
    const verdict = verdictOf({ entries: [entry(fields)] });
    expectRejected(verdict, RULE, [{ level: 'error', entry: entryName }]);
  });

  it('rejects a path that is one', () => {
    expectRejected(verdictOf({ entries: [entry({ name: '~' })] }), RULE, [{ level: 'error' }]);
  });

  it('is silent about a tilde behind the first letter', () => {
    const verdict = verdictOf({ entries: [entry({ name: 'lib/~x' }), entry({ name: 'x.rb~' })] });
    expectSilent(verdict, RULE);
  });
});
