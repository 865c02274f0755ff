import { describe, expect, it } from 'vitest';
import { gzipWithZeros } from '../../support/gzip.ts';
import { expectRejected, expectSilent, inspected } from '../../support/inspected.ts';
import { pkg, tgz } from '../../support/pkg.ts';

const RULE = 'gzip-corrupt';

describe('gzip-corrupt', () => {
  it('rejects data that is not deflate', () => {
    const verdict = inspected(tgz({}, { deflated: Buffer.alloc(64, 0xff) }));
    expectRejected(verdict, RULE, [{ level: 'error', offset: expect.any(Number) }]);
  });

  it.each([
    ['every level of compression', tgz({}, { level: 1 })],
    ['a stream with flushes inside', gzipWithZeros(pkg({ tail: [] }), 1)],
  ])('is silent about %s', (_, archive) => {
    expectSilent(inspected(archive), RULE);
  });
});
