import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'unknown-typeflag';

describe('unknown-typeflag', () => {
  it('rejects an unknown type', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/x.js', typeflag: 'Z', body: 'x' })),
    );
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/x.js', entryIndex: 2, offset: 2048 },
    ]);
  });

  it('rejects a byte that is not a letter', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/x.js', typeflag: 0xff })));
    expectRejected(verdict, RULE, [{ level: 'error', entry: 'package/x.js' }]);
  });

  it('rejects the types of GNU and Solaris', () => {
    const verdict = inspected(
      packageWith(
        entry({ name: 'package/a', typeflag: 'D' }),
        entry({ name: 'package/b', typeflag: 'M' }),
        entry({ name: 'package/c', typeflag: 'X' }),
      ),
    );
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/a' },
      { level: 'error', entry: 'package/b' },
      { level: 'error', entry: 'package/c' },
    ]);
  });

  it('is silent about files, in both spellings, and folders', () => {
    const verdict = inspected(
      packageWith(
        entry({ name: 'package/a.js', typeflag: 0 }),
        entry({ name: 'package/lib/', typeflag: '5' }),
      ),
    );
    expectSilent(verdict, RULE);
  });
});
