import { describe, expect, it } from 'vitest';
import { expectRejected, expectSilent, inspected } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';

const RULE = 'gzip-checksum';

describe('gzip-checksum', () => {
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
