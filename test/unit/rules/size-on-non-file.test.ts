import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'size-on-non-file';

describe('size-on-non-file', () => {
  it('rejects a folder with content', () => {
    const verdict = inspected(
      packageWith(
        entry({
          name: 'package/lib/',
          typeflag: '5',
          body: entry({ name: 'package/smuggled.js' }),
        }),
      ),
    );
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/lib', entryIndex: 2, offset: 2048 },
    ]);
  });

  it('rejects a symbolic link with content', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/link', typeflag: '2', linkname: 'index.js', body: 'x' })),
    );
    expectRejected(verdict, RULE, [{ level: 'error', entry: 'package/link' }]);
  });

  it('is silent about a folder without', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/lib/', typeflag: '5', mode: 0o755 })),
    );
    expectSilent(verdict, RULE);
  });
});
