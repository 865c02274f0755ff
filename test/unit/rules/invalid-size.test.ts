import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { entry, header, pax } from '../../support/tar.ts';

const RULE = 'invalid-size';

describe('invalid-size', () => {
  it.each([
    [
      'a negative binary size',
      packageWith(header({ name: 'package/x.js', size: { base256: -512n } })),
    ],
    [
      'a size beyond 2^53',
      packageWith(header({ name: 'package/x.js', size: { base256: 1n << 63n } })),
    ],
    ['an empty size', packageWith(header({ name: 'package/x.js', size: null }))],
    [
      'digits after the end of the size',
      packageWith(
        entry({ name: 'package/x.js', body: 'x', declaredSize: { text: '0000001 1000' } }),
      ),
    ],
    [
      'a digit that is not octal',
      packageWith(
        entry({ name: 'package/x.js', body: 'x', declaredSize: { text: '00000000019\0' } }),
      ),
    ],
    [
      'a negative PAX size',
      packageWith(pax({ size: '-1' }), entry({ name: 'package/x.js', body: 'x' })),
    ],
    [
      'a PAX size with a sign or a fraction',
      packageWith(pax({ size: '+1' }), entry({ name: 'package/x.js', body: 'x' })),
    ],
  ])('rejects %s', (_, archive) => {
    expectRejected(inspected(archive), RULE, [{ level: 'error', offset: 2048 }]);
  });

  it.each([
    ['twelve digits without an end', '000000000001'],
    ['a size that ends in a space', '00000000001 '],
  ])('is silent about %s', (_, text) => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/x.js', body: 'x', declaredSize: { text } })),
    );
    expectSilent(verdict, RULE);
  });
});
