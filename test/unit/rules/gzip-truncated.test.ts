import { describe, expect, it } from 'vitest';
import { inspected } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';

const RULE = 'gzip-truncated';

describe('gzip-truncated', () => {
  it('rejects data that ends too early', () => {
    const verdict = inspected(tgz({}, { cut: 20 }));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error' }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a trailer that ends too early', () => {
    const verdict = inspected(tgz({}, { cut: 3 }));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error' }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a header that ends too early', () => {
    const verdict = inspected(Buffer.from([0x1f, 0x8b, 8, 0, 0]));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', offset: 0 }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a file name without an end', () => {
    const verdict = inspected(
      Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3]), Buffer.alloc(100, 'n')]),
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error' }]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about a whole file', () => {
    const verdict = inspected(tgz());
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
