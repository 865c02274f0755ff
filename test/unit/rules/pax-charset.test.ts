import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { entry, pax } from '../../support/tar.ts';

const RULE = 'pax-charset';

describe('pax-charset', () => {
  it.each([
    ['another character set for paths', { hdrcharset: 'BINARY', path: 'package/x.js' }],
    ['a character set of the content', { charset: 'ISO-IR 8859 1 1998' }],
  ])('rejects %s', (_, records) => {
    const verdict = inspected(packageWith(pax(records), entry({ name: 'package/x.js' })));
    expectRejected(verdict, RULE, [{ level: 'error', offset: 2048 }]);
  });

  it('is silent about a path in UTF-8', () => {
    const verdict = inspected(
      packageWith(pax({ path: 'package/\u00e9.js' }), entry({ name: 'package/\u00e9.js' })),
    );
    expectSilent(verdict, RULE);
  });
});
