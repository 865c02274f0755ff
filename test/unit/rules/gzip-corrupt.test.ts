import { describe, expect, it } from 'vitest';
import { gzipWithZeros } from '../../support/gzip.ts';
import { inspected } from '../../support/inspected.ts';
import { pkg, tgz } from '../../support/pkg.ts';

const RULE = 'gzip-corrupt';

describe('gzip-corrupt', () => {
  it('rejects data that is not deflate', () => {
    const verdict = inspected(tgz({}, { deflated: Buffer.alloc(64, 0xff) }));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', offset: expect.any(Number) }]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about every level of compression', () => {
    const verdict = inspected(tgz({}, { level: 1 }));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about a stream with flushes inside', () => {
    const verdict = inspected(gzipWithZeros(pkg({ tail: [] }), 1));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
