import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'contiguous-file';

describe('contiguous-file', () => {
  it('rejects a contiguous file', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/x.js', typeflag: '7', body: 'x' })),
    );
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/x.js', entryIndex: 2, offset: 2048 },
    ]);
  });

  it.each([
    ['an ordinary file', { name: 'package/x.js', body: 'x' }],
    ['the old spelling of one', { name: 'package/x.js', typeflag: 0, body: 'x' }],
  ])('is silent about %s', (_, fields) => {
    expectSilent(inspected(packageWith(entry(fields))), RULE);
  });
});
