import { describe, expect, it } from 'vitest';
import { type GemOptions, gemOf } from '../../support/gem.ts';
import { inspected } from '../../support/inspected.ts';
import { entry, pax } from '../../support/tar.ts';

const RULE = 'gem-extended-header';
const verdictOf = (odd: GemOptions) => inspected(gemOf(odd), { format: 'gem' });

describe('gem-extended-header', () => {
  it('rejects a PAX header with the path of the entry', () => {
    const verdict = verdictOf({ entries: [pax({ path: 'a.rb' }), entry({ name: 'a.rb' })] });
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', layer: 'tar', offset: 1024 }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a PAX header that says nothing', () => {
    const verdict = verdictOf({ entries: [pax({ comment: 'x' }), entry({ name: 'a.rb' })] });
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error' }]);
    expect(verdict.status).toBe('reject');
  });

  it.each([
    ['a global one', { before: [pax({ comment: 'x' }, { global: true })] }, 'tar'],
    ['one in the gem itself', { outerBefore: [pax({ comment: 'x' })] }, 'gem'],
  ])('rejects %s', (_, options, layer) => {
    const verdict = verdictOf(options);
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', layer, offset: 0 }]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about a long path in the two fields of the header', () => {
    const verdict = verdictOf({
      entries: [entry({ name: 'b.rb', prefix: `lib/${'a'.repeat(120)}` })],
    });
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
