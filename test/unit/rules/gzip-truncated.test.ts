import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';

const RULE = 'gzip-truncated';

describe('gzip-truncated', () => {
  it.each([
    ['data that ends too early', tgz({}, { cut: 20 }), { level: 'error' }],
    ['a trailer that ends too early', tgz({}, { cut: 3 }), { level: 'error' }],
    [
      'a header that ends too early',
      Buffer.from([0x1f, 0x8b, 8, 0, 0]),
      { level: 'error', offset: 0 },
    ],
    [
      'a file name without an end',
      Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3]), Buffer.alloc(100, 'n')]),
      { level: 'error' },
    ],
  ])('rejects %s', (_, archive, expected) => {
    expectRejected(inspected(archive), RULE, [expected]);
  });

  it('is silent about a whole file', () => {
    expectSilent(inspected(tgz()), RULE);
  });
});
