import { describe, expect, it } from 'vitest';
import { inspected } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import { end } from '../../support/tar.ts';

const RULE = 'nonzero-tail';

describe('nonzero-tail', () => {
  it('rejects text after the end marker', () => {
    const verdict = inspected(tgz({ tail: [end(), Buffer.from('text'.padEnd(512, '.'))] }));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', offset: 3072 }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a few bytes after the end marker', () => {
    const verdict = inspected(tgz({ tail: [end(), Buffer.from('text')] }));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error' }]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about zeros of any length', () => {
    const verdict = inspected(tgz({ tail: [end(), Buffer.alloc(100)] }));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about a whole record of zeros', () => {
    const verdict = inspected(tgz({ tail: [end(16)] }));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
