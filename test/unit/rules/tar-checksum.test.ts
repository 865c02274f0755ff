import { describe, expect, it } from 'vitest';
import { inspected, packageWith } from '../../support/inspected.ts';
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
    const verdict = inspected(packageWith(added));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', offset: 2048 }]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about six digits, NUL and space', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/x.js' })));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about seven digits and NUL, as some writers have it', () => {
    const verdict = inspected(packageWith(withDigits(entry({ name: 'package/x.js' }), 7)));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
