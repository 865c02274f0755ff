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

  it('is silent about the right CRC', () => {
    const verdict = inspected(tgz());
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about the right CRC of stored data', () => {
    const verdict = inspected(tgz({}, { level: 0 }));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
