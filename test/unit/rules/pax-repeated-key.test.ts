import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { entry, pax } from '../../support/tar.ts';

const RULE = 'pax-repeated-key';

describe('pax-repeated-key', () => {
  it('rejects a path twice', () => {
    const verdict = inspected(
      packageWith(
        pax([
          ['path', 'package/a.js'],
          ['path', 'package/x.js'],
        ]),
        entry({ name: 'package/x.js' }),
      ),
    );
    expectRejected(verdict, RULE, [{ level: 'error', offset: 2048 }]);
  });

  it('rejects a comment twice', () => {
    const verdict = inspected(
      packageWith(
        pax([
          ['comment', 'a'],
          ['comment', 'a'],
        ]),
        entry({ name: 'package/x.js' }),
      ),
    );
    expectRejected(verdict, RULE, [{ level: 'error', offset: 2048 }]);
  });

  it('is silent about the same key for two entries', () => {
    const verdict = inspected(
      packageWith(
        pax({ path: 'package/x.js' }),
        entry({ name: 'package/x.js' }),
        pax({ path: 'package/y.js' }),
        entry({ name: 'package/y.js' }),
      ),
    );
    expectSilent(verdict, RULE);
  });

  it('is silent about keys that differ in case', () => {
    const verdict = inspected(
      packageWith(pax({ comment: 'a', Comment: 'b' }), entry({ name: 'package/x.js' })),
    );
    expectSilent(verdict, RULE);
  });
});
