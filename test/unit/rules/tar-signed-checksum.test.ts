import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'tar-signed-checksum';

describe('tar-signed-checksum', () => {
  it('rejects a sum over signed bytes', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/\u00e9.js', checksum: 'signed' })),
    );
    expectRejected(verdict, RULE, [{ level: 'error', offset: 2048 }]);
  });

  it.each([
    ['a name beyond ASCII with the right sum', { name: 'package/\u00e9.js' }],
    ['ASCII only, where both sums are the same', { name: 'package/x.js', checksum: 'signed' }],
  ] as const)('is silent about %s', (_, fields) => {
    expectSilent(inspected(packageWith(entry(fields))), RULE);
  });
});
