import { DEFAULT_POLICY } from '@tarwarden/core';
import { describe, expect, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'symlink';

describe('symlink', () => {
  it('rejects a link out of the package', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/link', typeflag: '2', linkname: '../../secret' })),
    );
    expectRejected(verdict, RULE, [
      {
        level: 'error',
        entry: 'package/link',
        entryIndex: 2,
        offset: 2048,
        message: expect.stringContaining('../../secret'),
      },
    ]);
  });

  it('rejects a link that stays inside', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/link', typeflag: '2', linkname: 'index.js' })),
    );
    expectRejected(verdict, RULE, [{ level: 'error', entry: 'package/link' }]);
  });

  it('rejects every link of many', () => {
    const verdict = inspected(
      packageWith(
        entry({ name: 'package/a', typeflag: '2', linkname: 'index.js' }),
        entry({ name: 'package/b', typeflag: '2', linkname: 'index.js' }),
      ),
    );
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/a' },
      { level: 'error', entry: 'package/b' },
    ]);
  });

  it('is silent about a file with a name that looks like one', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/symlink.js', body: 'index.js' })));
    expectSilent(verdict, RULE);
  });

  it('is silent about links under the policy that allows them', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/link', typeflag: '2', linkname: 'index.js' })),
      { policy: { ...DEFAULT_POLICY, links: 'contained' } },
    );
    expectSilent(verdict, RULE);
  });
});
