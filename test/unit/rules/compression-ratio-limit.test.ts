import { describe, it } from 'vitest';
import { gzipWithZeros } from '../../support/gzip.ts';
import { expectRejected, expectSilent, inspected } from '../../support/inspected.ts';
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
    expectRejected(verdict, RULE, [{ level: 'error' }]);
  });

  it.each([
    ['little data that compresses very well', { 'zeros.bin': Buffer.alloc(8 << 20) }],
    ['ordinary text', { 'a.txt': 'the quick brown fox '.repeat(9000) }],
  ])('is silent about %s', (_, files) => {
    expectSilent(inspected(tgz({ files })), RULE);
  });
});
