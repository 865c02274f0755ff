import { DEFAULT_POLICY } from '@tarwarden/core';
import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'write-through-link';

describe('write-through-link', () => {
  it('rejects a file below a link', () => {
    const verdict = inspected(
      packageWith(
        entry({ name: 'package/dir', typeflag: '2', linkname: 'lib' }),
        entry({ name: 'package/dir/x.js' }),
      ),
    );
    expectRejected(verdict, RULE, [{ level: 'error', entry: 'package/dir/x.js', entryIndex: 3 }]);
  });

  it('rejects a file over a link', () => {
    const verdict = inspected(
      packageWith(
        entry({ name: 'package/x', typeflag: '2', linkname: 'index.js' }),
        entry({ name: 'package/x' }),
      ),
    );
    expectRejected(verdict, RULE, [{ level: 'error', entry: 'package/x', entryIndex: 3 }]);
  });

  it('rejects it where links are allowed', () => {
    const verdict = inspected(
      packageWith(
        entry({ name: 'package/dir', typeflag: '2', linkname: 'lib' }),
        entry({ name: 'package/dir/x.js' }),
      ),
      { policy: { ...DEFAULT_POLICY, links: 'contained' } },
    );
    expectRejected(verdict, RULE, [{ level: 'error' }]);
  });

  it('rejects a link of another case', () => {
    const verdict = inspected(
      packageWith(
        entry({ name: 'package/Dir', typeflag: '2', linkname: 'lib' }),
        entry({ name: 'package/dir/x.js' }),
      ),
    );
    expectRejected(verdict, RULE, [{ level: 'error', entryIndex: 3 }]);
  });

  it('is silent about a file beside a link', () => {
    const verdict = inspected(
      packageWith(
        entry({ name: 'package/dir', typeflag: '2', linkname: 'lib' }),
        entry({ name: 'package/dir2/x.js' }),
      ),
      { policy: { ...DEFAULT_POLICY, links: 'contained' } },
    );
    expectSilent(verdict, RULE);
  });
});
