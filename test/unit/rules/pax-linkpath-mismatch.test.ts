import { describe, expect, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { entry, pax } from '../../support/tar.ts';

const RULE = 'pax-linkpath-mismatch';

describe('pax-linkpath-mismatch', () => {
  it.each([
    ['for a file', 'index.js', { name: 'package/x.js' }, 'package/x.js'],
    [
      "that is not the header's",
      '../secret',
      { name: 'package/link', typeflag: '2', linkname: 'index.js' },
      'package/link',
    ],
  ])('rejects a PAX link target %s', (_, linkpath, fields, entryName) => {
    const verdict = inspected(packageWith(pax({ linkpath }), entry(fields)));
    expectRejected(verdict, RULE, [{ level: 'error', entry: entryName }]);
  });

  it('is silent about a PAX header without a target', () => {
    const verdict = inspected(
      packageWith(pax({ path: 'package/x.js' }), entry({ name: 'package/x.js' })),
    );
    expectSilent(verdict, RULE);
  });

  it('is silent about the same target in both, which is a link and told as such', () => {
    const verdict = inspected(
      packageWith(
        pax({ linkpath: 'index.js' }),
        entry({ name: 'package/link', typeflag: '2', linkname: 'index.js' }),
      ),
    );
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('reject');
  });
});
