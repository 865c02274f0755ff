import { describe, expect, it } from 'vitest';
import { inspected } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';

const RULE = 'gzip-length';

describe('gzip-length', () => {
  it('rejects a length that does not fit', () => {
    const verdict = inspected(tgz({}, { isize: 42 }));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', offset: expect.any(Number) }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a length of 4 GiB, and allocates nothing for it', () => {
    const verdict = inspected(tgz({}, { isize: 0xffffffff }));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error' }]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about the right length', () => {
    const verdict = inspected(tgz());
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
