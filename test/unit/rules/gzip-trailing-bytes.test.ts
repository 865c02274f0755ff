import { describe, expect, it } from 'vitest';
import { judged } from '../../support/judged.ts';
import { tgz } from '../../support/pkg.ts';
import { end } from '../../support/tar.ts';

const RULE = 'gzip-trailing-bytes';

describe('gzip-trailing-bytes', () => {
  it('rejects text after the end', () => {
    const verdict = judged(tgz({}, { trailing: Buffer.from('text') }));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', offset: expect.any(Number) }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects zeros after the end', () => {
    const verdict = judged(tgz({}, { trailing: Buffer.alloc(512) }));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error' }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects one byte after the end', () => {
    const verdict = judged(tgz({}, { trailing: Buffer.from([0x1f]) }));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error' }]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about a file that ends with its trailer', () => {
    const verdict = judged(tgz());
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about zeros at the end of the tar, inside of the compression', () => {
    const verdict = judged(tgz({ tail: [end(20)] }));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
