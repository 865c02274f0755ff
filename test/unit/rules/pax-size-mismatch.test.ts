import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { entry, header, pax } from '../../support/tar.ts';

const RULE = 'pax-size-mismatch';

describe('pax-size-mismatch', () => {
  it('rejects a PAX size of 0 over content that is an entry', () => {
    const verdict = inspected(
      packageWith(
        pax({ size: '0' }),
        entry({ name: 'package/x.js', body: entry({ name: 'package/smuggled.js' }) }),
      ),
    );
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/x.js', entryIndex: 2, offset: 2048 + 1024 },
    ]);
  });

  it('rejects a PAX size over an empty header size', () => {
    const verdict = inspected(
      packageWith(pax({ size: '512' }), header({ name: 'package/x.js' }), Buffer.alloc(512, 'x')),
    );
    expectRejected(verdict, RULE, [{ level: 'error', entry: 'package/x.js' }]);
  });

  it.each([
    ['the same size in both', { size: '1' }],
    ['no PAX size', { comment: 'x' }],
  ])('is silent about %s', (_, records) => {
    const verdict = inspected(
      packageWith(pax(records), entry({ name: 'package/x.js', body: 'x' })),
    );
    expectSilent(verdict, RULE);
  });
});
