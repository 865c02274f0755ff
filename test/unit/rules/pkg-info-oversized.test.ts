import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../../packages/core/src/limits.ts';
import { inspectedSdist } from '../../support/inspected-sdist.ts';
import { expectRejected } from '../../support/inspected.ts';
import { pkgInfo, sdist } from '../../support/sdist.ts';

const RULE = 'pkg-info-oversized';

describe('pkg-info-oversized', () => {
  const ofSize = (bytes: number): Buffer => {
    const text = pkgInfo('fixture', '1.0.0');
    return sdist({ pkgInfo: text + 'x'.repeat(bytes - text.length) });
  };

  it('rejects a PKG-INFO past the limit', () => {
    const verdict = inspectedSdist(ofSize(DEFAULT_LIMITS.manifestBytes + 1));
    expectRejected(verdict, RULE, [{ level: 'error', entry: 'fixture-1.0.0/PKG-INFO' }]);
  });

  it('is silent about one at the limit', () => {
    expect(inspectedSdist(ofSize(DEFAULT_LIMITS.manifestBytes)).findings).toEqual([]);
  });
});
