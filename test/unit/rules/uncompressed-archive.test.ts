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

  it.each([
    ['the same tar compressed', gzip(pkg())],
    ['stored, so hardly compressed, data', gzip(pkg(), { level: 0 })],
  ])('is silent about %s', (_, archive) => {
    const verdict = inspected(archive);
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
