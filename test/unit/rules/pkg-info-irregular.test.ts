import { describe, expect, it } from 'vitest';
import { inspectedSdist } from '../../support/inspected-sdist.ts';
import { expectRejected } from '../../support/inspected.ts';
import { sdist } from '../../support/sdist.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'pkg-info-irregular';

describe('pkg-info-irregular', () => {
  it('rejects a link and a folder', () => {
    for (const typeflag of ['2', '5']) {
      const entries = [
        entry({
          name: 'fixture-1.0.0/PKG-INFO',
          typeflag,
          linkname: typeflag === '2' ? 'backend.py' : '',
        }),
      ];
      const verdict = inspectedSdist(sdist({ pkgInfo: null, entries }));
      expectRejected(verdict, RULE, [{ level: 'error', field: 'typeflag' }]);
    }
  });

  it('is silent about a link to PKG-INFO', () => {
    const entries = [
      entry({ name: 'fixture-1.0.0/doc/PKG-INFO', typeflag: '2', linkname: '../PKG-INFO' }),
    ];
    expect(inspectedSdist(sdist({ entries })).of(RULE)).toEqual([]);
  });
});
