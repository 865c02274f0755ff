import { describe, expect, it } from 'vitest';
import { inspected } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import { end, entry, zeroBlock } from '../../support/tar.ts';

const RULE = 'entries-after-end';

describe('entries-after-end', () => {
  it('rejects an entry after two zero blocks', () => {
    const verdict = inspected(
      tgz({ tail: [end(), entry({ name: 'package/smuggled.js' }), end()] }),
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', offset: 3072 }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects an entry after one zero block', () => {
    const verdict = inspected(
      tgz({ tail: [zeroBlock, entry({ name: 'package/smuggled.js' }), end()] }),
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', offset: 2560 }]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about zeros only', () => {
    const verdict = inspected(tgz({ tail: [end(40)] }));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about a file of zeros', () => {
    const verdict = inspected(tgz({ files: { 'zeros.bin': Buffer.alloc(4096) } }));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
