import { describe, expect, it } from 'vitest';
import { gzip } from '../../support/gzip.ts';
import { inspected } from '../../support/inspected.ts';

const RULE = 'unrecognised-format';

describe('unrecognised-format', () => {
  it('rejects a page that came instead of an archive', () => {
    const verdict = inspected(Buffer.from('<html>not found</html>'));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', offset: 0 }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects an empty file', () => {
    const verdict = inspected(Buffer.alloc(0));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error' }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a zip', () => {
    const verdict = inspected(Buffer.from('PK\x03\x04 and more', 'latin1'));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error' }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects half of a magic number', () => {
    const verdict = inspected(Buffer.from([0x1f, 0x8b]));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error' }]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about a gzip file that holds no tar', () => {
    const verdict = inspected(gzip(Buffer.from('no tar')));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('reject');
  });
});
