import { describe, expect, it } from 'vitest';
import { gzipWithZeros } from '../../support/gzip.ts';
import { expectRejected, expectSilent, inspected } from '../../support/inspected.ts';
import { pkg, tgz } from '../../support/pkg.ts';

describe('gzip-corrupt', () => {
  const RULE = 'gzip-corrupt';

  it('rejects data that is not deflate', () => {
    const verdict = inspected(tgz({}, { deflated: Buffer.alloc(64, 0xff) }));
    expectRejected(verdict, RULE, [{ level: 'error', offset: expect.any(Number) }]);
  });

  it.each([
    ['every level of compression', tgz({}, { level: 1 })],
    ['a stream with flushes inside', gzipWithZeros(pkg({ tail: [] }), 1)],
  ])('is silent about %s', (_, archive) => {
    expectSilent(inspected(archive), RULE);
  });
});

describe('gzip-truncated', () => {
  const RULE = 'gzip-truncated';

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

describe('gzip-checksum', () => {
  const RULE = 'gzip-checksum';

  it('rejects a CRC that does not fit', () => {
    const verdict = inspected(tgz({}, { crc: 0x12345678 }));
    expectRejected(verdict, RULE, [{ level: 'error', offset: expect.any(Number) }]);
  });

  it.each([
    ['CRC', tgz()],
    ['CRC of stored data', tgz({}, { level: 0 })],
  ])('is silent about the right %s', (_, archive) => {
    expectSilent(inspected(archive), RULE);
  });
});

describe('gzip-length', () => {
  const RULE = 'gzip-length';

  it('rejects a length that does not fit', () => {
    const verdict = inspected(tgz({}, { isize: 42 }));
    expectRejected(verdict, RULE, [{ level: 'error', offset: expect.any(Number) }]);
  });

  it('rejects a length of 4 GiB, and allocates nothing for it', () => {
    expectRejected(inspected(tgz({}, { isize: 0xffffffff })), RULE, [{ level: 'error' }]);
  });

  it('is silent about the right length', () => {
    expectSilent(inspected(tgz()), RULE);
  });
});
