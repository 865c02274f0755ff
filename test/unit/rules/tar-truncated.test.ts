import { describe, expect, it } from 'vitest';
import { inspected } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import { entry, header } from '../../support/tar.ts';

const RULE = 'tar-truncated';

describe('tar-truncated', () => {
  it.each([
    [
      'content that ends too early',
      entry({ name: 'package/big', declaredSize: 4096, body: 'few', pad: false }),
    ],
    ['a header that ends too early', header({ name: 'package/half' }).subarray(0, 100)],
    ['a missing padding', entry({ name: 'package/x', body: 'x', pad: false })],
  ])('rejects %s', (_, tail) => {
    const verdict = inspected(tgz({ tail: [tail] }));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error' }]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about a file that fills its blocks', () => {
    const verdict = inspected(tgz({ files: { 'a.bin': Buffer.alloc(1024) } }));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
