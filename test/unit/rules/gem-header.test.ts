import { describe, it } from 'vitest';
import { type GemOptions, gemOf } from '../../support/gem.ts';
import { expectRejected, expectSilent, inspected } from '../../support/inspected.ts';
import { base256, entry, type HeaderOptions } from '../../support/tar.ts';

const RULE = 'gem-header';
const verdictOf = (odd: GemOptions) => inspected(gemOf(odd), { format: 'gem' });
const withEntry = (odd: HeaderOptions) => verdictOf({ entries: [entry({ name: 'a.rb', ...odd })] });

describe('gem-header', () => {
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
