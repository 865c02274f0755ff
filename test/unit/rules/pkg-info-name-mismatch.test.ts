import { describe, expect, it } from 'vitest';
import { inspectedSdist } from '../../support/inspected-sdist.ts';
import { pkgInfo, sdist } from '../../support/sdist.ts';

const RULE = 'pkg-info-name-mismatch';

describe('pkg-info-name-mismatch', () => {
  it('rejects another name', () => {
    const verdict = inspectedSdist(sdist({ pkgInfo: pkgInfo('other', '1.0.0') }), {
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
      inspectedSdist(sdist({ pkgInfo: pkgInfo('fix.TURE', '1.0.0') }), {
        name: 'Fix_ture',
        fileName: 'download',
      }).of(RULE),
    ).toEqual([]);
  });

  it('is silent about what nobody asked for', () => {
    const anything = { name: undefined as never, fileName: 'download' };
    expect(
      inspectedSdist(sdist({ pkgInfo: pkgInfo('other', '1.0.0') }), anything).of(RULE),
    ).toEqual([]);
  });
});
