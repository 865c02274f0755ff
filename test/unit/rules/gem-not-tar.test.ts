import { describe, expect, it } from 'vitest';
import { gemData, gemOf } from '../../support/gem.ts';
import { gzip } from '../../support/gzip.ts';
import { inspected } from '../../support/inspected.ts';

const RULE = 'gem-not-tar';

describe('gem-not-tar', () => {
  it('rejects a gem of the oldest format', () => {
    const verdict = inspected(Buffer.from('MD5SUM = "0"\n'), { format: 'gem' });
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', layer: 'gem', offset: 0 }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a tarball', () => {
    const verdict = inspected(gzip(gemData()), { format: 'gem' });
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error' }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects an empty file', () => {
    const verdict = inspected(Buffer.alloc(0), { format: 'gem' });
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', message: expect.stringContaining('the file is empty') },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about a gem', () => {
    const verdict = inspected(gemOf(), { format: 'gem' });
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
