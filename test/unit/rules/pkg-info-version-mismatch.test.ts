import { describe, expect, it } from 'vitest';
import { inspectedSdist } from '../../support/inspected-sdist.ts';
import { pkgInfo, sdist } from '../../support/sdist.ts';

const RULE = 'pkg-info-version-mismatch';

describe('pkg-info-version-mismatch', () => {
  it('rejects another version', () => {
    const verdict = inspectedSdist(sdist({ pkgInfo: pkgInfo('fixture', '0.9') }), {
      fileName: 'download',
    });
    expect(verdict.findings).toMatchObject([
      { rule: RULE, level: 'error', entry: 'fixture-1.0.0/PKG-INFO' },
      { rule: 'sdist-folder-name', level: 'warning' },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about another spelling', () => {
    expect(
      inspectedSdist(sdist({ pkgInfo: pkgInfo('fixture', 'v1') }), {
        version: '1.0.0',
        fileName: 'download',
      }).of(RULE),
    ).toEqual([]);
  });

  it('is silent about what nobody asked for', () => {
    const anything = { version: undefined as never, fileName: 'download' };
    expect(
      inspectedSdist(sdist({ pkgInfo: pkgInfo('fixture', '0.9') }), anything).of(RULE),
    ).toEqual([]);
  });
});
