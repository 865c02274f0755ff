import { describe, expect, it } from 'vitest';
import { inspectedSdist } from '../../support/inspected-sdist.ts';
import { expectRejected } from '../../support/inspected.ts';
import { sdist } from '../../support/sdist.ts';

const RULE = 'pkg-info-missing';

describe('pkg-info-missing', () => {
  it('rejects an sdist of an index without PKG-INFO', () => {
    expectRejected(inspectedSdist(sdist({ pkgInfo: null })), RULE, [{ level: 'error' }]);
  });

  it('rejects one in a folder below', () => {
    const files = { 'fixture.egg-info/PKG-INFO': 'Name: fixture\nVersion: 1.0.0\n' };
    expect(inspectedSdist(sdist({ pkgInfo: null, files })).of(RULE)).toHaveLength(1);
  });

  it('is silent about sources of which no version was asked for', () => {
    const sources = sdist({ pkgInfo: null, top: 'fixture-main' });
    const asked = { name: 'fixture', version: undefined as never, fileName: 'main.tar.gz' };
    expect(inspectedSdist(sources, asked).findings).toEqual([]);
  });
});
