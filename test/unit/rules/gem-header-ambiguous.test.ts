import { describe, it } from 'vitest';
import { gemOf, type GemOptions } from '../../support/gem.ts';
import { expectRejected, expectSilent, inspected } from '../../support/inspected.ts';
import { base256, entry, pax, type HeaderOptions } from '../../support/tar.ts';

describe('gem-extended-header', () => {
  const RULE = 'gem-extended-header';
  const verdictOf = (odd: GemOptions) => inspected(gemOf(odd), { format: 'gem' });

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

describe('gem-header', () => {
  const RULE = 'gem-header';
  const verdictOf = (odd: GemOptions) => inspected(gemOf(odd), { format: 'gem' });
  const withEntry = (odd: HeaderOptions) =>
    verdictOf({ entries: [entry({ name: 'a.rb', ...odd })] });

  it.each<[string, HeaderOptions, string]>([
    ['a time in binary', { mtime: { base256: 1 } }, 'mtime'],
    ['a mode in binary', { mode: { base256: 0o644 } }, 'mode'],
    ['a device number in binary', { devmajor: { base256: 1 } }, 'devmajor'],
    ['an owner in binary that is nothing', { uid: base256(0n, 8) }, 'uid'],
    ['bytes behind the prefix', { raw: { prefix: prefixWith(131, '7') } }, 'prefix'],
    ['a target that ends in a space', { typeflag: '2', linkname: 'lib ' }, 'linkname'],
  ])('rejects %s', (_title, odd, field) => {
    expectRejected(withEntry(odd), RULE, [{ level: 'error', layer: 'tar', offset: 1024, field }]);
  });

  it('rejects a time in binary in the gem itself', () => {
    const verdict = verdictOf({ dataHeader: { mtime: { base256: 1 } } });
    expectRejected(verdict, RULE, [{ level: 'error', layer: 'gem', offset: 1024 }]);
  });

  it('is silent about the gem of the fixture', () => {
    expectSilent(verdictOf({}), RULE);
  });

  it.each<[string, HeaderOptions]>([
    ['an owner in binary', { uid: base256(5_000_000n, 8), gid: base256(5_000_000n, 8) }],
    ['empty numbers', { mtime: null, devmajor: null, devminor: null }],
    ['numbers that end in spaces', { mtime: { text: '00000000000 ' } }],
  ])('is silent about %s', (_title, odd) => {
    expectSilent(withEntry(odd), RULE);
  });
});

function prefixWith(at: number, byte: string): Buffer {
  const prefix = Buffer.alloc(155);
  prefix.write(byte, at, 'latin1');
  return prefix;
}
