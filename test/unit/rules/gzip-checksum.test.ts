import { describe, expect, it } from 'vitest';
import { inspected } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';

const RULE = 'gzip-checksum';

describe('gzip-checksum', () => {
  it('rejects a CRC that does not fit', () => {
    const verdict = inspected(tgz({}, { crc: 0x12345678 }));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', offset: expect.any(Number) }]);
    expect(verdict.status).toBe('reject');
  });

  it.each([
    ['CRC', tgz()],
    ['CRC of stored data', tgz({}, { level: 0 })],
  ])('is silent about the right %s', (_, archive) => {
    const verdict = inspected(archive);
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
