import { describe, it } from 'vitest';
import { type GemOptions, gemOf } from '../../support/gem.ts';
import { expectRejected, expectSilent, inspected } from '../../support/inspected.ts';
import { entry, pax } from '../../support/tar.ts';

const RULE = 'gem-extended-header';
const verdictOf = (odd: GemOptions) => inspected(gemOf(odd), { format: 'gem' });

describe('gem-extended-header', () => {
  it('rejects a PAX header with the path of the entry', () => {
    const verdict = verdictOf({ entries: [pax({ path: 'a.rb' }), entry({ name: 'a.rb' })] });
    expectRejected(verdict, RULE, [{ level: 'error', layer: 'tar', offset: 1024 }]);
  });

  it('rejects a PAX header that says nothing', () => {
    const verdict = verdictOf({ entries: [pax({ comment: 'x' }), entry({ name: 'a.rb' })] });
    expectRejected(verdict, RULE, [{ level: 'error' }]);
  });

  it.each([
    ['a global one', { before: [pax({ comment: 'x' }, { global: true })] }, 'tar'],
    ['one in the gem itself', { outerBefore: [pax({ comment: 'x' })] }, 'gem'],
  ])('rejects %s', (_, options, layer) => {
    expectRejected(verdictOf(options), RULE, [{ level: 'error', layer, offset: 0 }]);
  });

  it('is silent about a long path in the two fields of the header', () => {
    const verdict = verdictOf({
      entries: [entry({ name: 'b.rb', prefix: `lib/${'a'.repeat(120)}` })],
    });
    expectSilent(verdict, RULE);
  });
});
