import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import { entry, header, pax } from '../../support/tar.ts';

const RULE = 'extended-header-oversized';

describe('extended-header-oversized', () => {
  it('rejects a PAX header of megabytes', () => {
    const verdict = inspected(
      packageWith(pax({ comment: 'x'.repeat(2 << 20) }), entry({ name: 'package/x.js' })),
    );
    expectRejected(verdict, RULE, [{ level: 'error', offset: 2048 }]);
  });

  it('rejects one that only claims to be large', () => {
    const verdict = inspected(
      tgz({
        tail: [
          header({ name: 'PaxHeader/x', typeflag: 'x', size: 8 * 1024 ** 3 - 1 }),
          Buffer.alloc(512, 'x'),
        ],
      }),
    );
    expectRejected(verdict, RULE, [{ level: 'error', offset: 2048 }]);
  });

  it('is silent about a PAX header of 60 kB', () => {
    const verdict = inspected(
      packageWith(pax({ comment: 'x'.repeat(60_000) }), entry({ name: 'package/x.js' })),
    );
    expectSilent(verdict, RULE);
  });
});
