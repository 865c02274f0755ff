import { describe, expect, it } from 'vitest';
import { gzipWithZeros } from '../../support/gzip.ts';
import { inspected } from '../../support/inspected.ts';
import { pkg, tgz } from '../../support/pkg.ts';
import { archive, header } from '../../support/tar.ts';

const RULE = 'compression-ratio-limit';

describe('compression-ratio-limit', () => {
  it('rejects a bomb of zeros, and reads no further', () => {
    const verdict = inspected(
      gzipWithZeros(
        archive(pkg({ tail: [] }), header({ name: 'package/zeros', size: 600 << 20 })),
        600,
      ),
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error' }]);
    expect(verdict.status).toBe('reject');
  });

  it.each([
    ['little data that compresses very well', { 'zeros.bin': Buffer.alloc(8 << 20) }],
    ['ordinary text', { 'a.txt': 'the quick brown fox '.repeat(9000) }],
  ])('is silent about %s', (_, files) => {
    const verdict = inspected(tgz({ files }));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
