import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { entry, pax } from '../../support/tar.ts';

const RULE = 'pax-value-newline';

describe('pax-value-newline', () => {
  it.each([
    ['inside the value of another', { comment: 'x\n28 path=package/smuggled.js' }],
    ['that begins inside the key of another', { 'x\n28 path': 'package/smuggled.js' }],
  ])('rejects a record %s', (_, records) => {
    const verdict = inspected(packageWith(pax(records), entry({ name: 'package/x.js' })));
    expectRejected(verdict, RULE, [{ level: 'error', offset: 2048 }]);
  });

  it('is silent about several records', () => {
    const verdict = inspected(
      packageWith(pax({ comment: 'x', path: 'package/x.js' }), entry({ name: 'package/x.js' })),
    );
    expectSilent(verdict, RULE);
  });
});
