import { describe, expect, it } from 'vitest';
import { inspected } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import { entry, header } from '../../support/tar.ts';

const RULE = 'tar-truncated';

describe('tar-truncated', () => {
  it('rejects content that ends too early', () => {
    const verdict = inspected(
      tgz({ tail: [entry({ name: 'package/big', declaredSize: 4096, body: 'few', pad: false })] }),
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error' }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a header that ends too early', () => {
    const verdict = inspected(tgz({ tail: [header({ name: 'package/half' }).subarray(0, 100)] }));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error' }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a missing padding', () => {
    const verdict = inspected(tgz({ tail: [entry({ name: 'package/x', body: 'x', pad: false })] }));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error' }]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about a file that fills its blocks', () => {
    const verdict = inspected(tgz({ files: { 'a.bin': Buffer.alloc(1024) } }));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
