import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

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

describe('tar-checksum', () => {
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
