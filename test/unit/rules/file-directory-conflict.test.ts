import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'file-directory-conflict';

describe('file-directory-conflict', () => {
  it('rejects a file where a folder is needed', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/lib' }), entry({ name: 'package/lib/x.js' })),
    );
    expectRejected(verdict, RULE, [{ level: 'error', entry: 'package/lib/x.js', entryIndex: 3 }]);
  });

  it.each([
    ['a folder entry, then a file', { name: 'package/lib/', typeflag: '5' }],
    ['a file where a folder was made for another', { name: 'package/lib/x.js' }],
  ])('rejects %s', (_, fields) => {
    const verdict = inspected(packageWith(entry(fields), entry({ name: 'package/lib' })));
    expectRejected(verdict, RULE, [{ level: 'error', entry: 'package/lib' }]);
  });

  it('is silent about folder entries before and after their files', () => {
    const verdict = inspected(
      packageWith(
        entry({ name: 'package/lib/x.js' }),
        entry({ name: 'package/lib/', typeflag: '5' }),
      ),
    );
    expectSilent(verdict, RULE);
  });

  it('is silent about a file and a folder with like names', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/lib.js' }), entry({ name: 'package/lib/x.js' })),
    );
    expectSilent(verdict, RULE);
  });
});
