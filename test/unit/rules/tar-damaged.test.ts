import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import { end, entry, header } from '../../support/tar.ts';

describe('tar-checksum', () => {
  const RULE = 'tar-checksum';

  /** The checksum in other digits: the checksum does not count its own field. */
  function withDigits(block: Buffer, digits: number): Buffer {
    const sum = Number.parseInt(block.toString('latin1', 148, 154), 8);
    block.write(`${sum.toString(8).padStart(digits, '0')}\0`.slice(0, 8), 148, 8, 'latin1');
    return block;
  }

  function withEightDigits(block: Buffer): Buffer {
    return withDigits(block, 8);
  }

  it.each([
    ['a checksum that is off', entry({ name: 'package/x.js', checksum: 1 })],
    ['an empty checksum', entry({ name: 'package/x.js', checksum: Buffer.alloc(8) })],
    [
      'digits up to the last byte, which node-tar reads on into the type',
      withEightDigits(entry({ name: 'package/x.js' })),
    ],
  ])('rejects %s', (_, added) => {
    expectRejected(inspected(packageWith(added)), RULE, [{ level: 'error', offset: 2048 }]);
  });

  it('is silent about six digits, NUL and space', () => {
    expectSilent(inspected(packageWith(entry({ name: 'package/x.js' }))), RULE);
  });

  it('is silent about seven digits and NUL, as some writers have it', () => {
    expectSilent(inspected(packageWith(withDigits(entry({ name: 'package/x.js' }), 7))), RULE);
  });
});

describe('tar-truncated', () => {
  const RULE = 'tar-truncated';

  it.each([
    [
      'content that ends too early',
      entry({ name: 'package/big', declaredSize: 4096, body: 'few', pad: false }),
    ],
    ['a header that ends too early', header({ name: 'package/half' }).subarray(0, 100)],
    ['a missing padding', entry({ name: 'package/x', body: 'x', pad: false })],
  ])('rejects %s', (_, tail) => {
    expectRejected(inspected(tgz({ tail: [tail] })), RULE, [{ level: 'error' }]);
  });

  it('is silent about a file that fills its blocks', () => {
    expectSilent(inspected(tgz({ files: { 'a.bin': Buffer.alloc(1024) } })), RULE);
  });
});

describe('missing-end-marker', () => {
  const RULE = 'missing-end-marker';

  it.each([
    ['an archive without zero blocks', [], 2048],
    ['one zero block', [end(1)], 2560],
  ])('rejects %s', (_, tail, offset) => {
    expectRejected(inspected(tgz({ tail })), RULE, [{ level: 'error', offset }]);
  });

  it.each([
    ['two zero blocks', tgz()],
    ['many', tgz({ tail: [end(16)] })],
  ])('is silent about %s', (_, archive) => {
    expectSilent(inspected(archive), RULE);
  });
});
