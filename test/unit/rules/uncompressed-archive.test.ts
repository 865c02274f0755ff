import { describe, expect, it } from 'vitest';
import { gzip } from '../../support/gzip.ts';
import { inspected } from '../../support/inspected.ts';
import { pkg } from '../../support/pkg.ts';

const RULE = 'uncompressed-archive';

describe('uncompressed-archive', () => {
  it('rejects a tar without gzip', () => {
    const verdict = inspected(pkg());
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', offset: 0 }]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about the same tar compressed', () => {
    const verdict = inspected(gzip(pkg()));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about stored, so hardly compressed, data', () => {
    const verdict = inspected(gzip(pkg(), { level: 0 }));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
