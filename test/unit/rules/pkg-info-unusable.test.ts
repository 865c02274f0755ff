import { describe, expect, it } from 'vitest';
import { inspectedSdist } from '../../support/inspected-sdist.ts';
import { expectRejected } from '../../support/inspected.ts';
import { sdist } from '../../support/sdist.ts';

describe('pkg-info-invalid', () => {
  const RULE = 'pkg-info-invalid';

  it('rejects two names', () => {
    const pkgInfo = 'Name: fixture\nname: other\nVersion: 1.0.0\n';
    const [finding] = inspectedSdist(sdist({ pkgInfo })).of(RULE);
    expect(finding?.message).toContain('it has 2 fields "name"');
  });

  it.each([
    ['no name', 'Version: 1.0.0\n'],
    ['two versions', 'Name: fixture\nVersion: 1.0.0\nVersion: 1.0.0\n'],
    ['a name in a line that some readers skip', 'Name: fixture\nVersion: 1.0.0\nName : other\n'],
    ['no text', Buffer.from([0xff, 0xfe])],
    ['nothing', ''],
  ])('rejects %s', (_what, pkgInfo) => {
    const verdict = inspectedSdist(sdist({ pkgInfo }));
    expectRejected(verdict, RULE, [{ level: 'error', entry: 'fixture-1.0.0/PKG-INFO' }]);
  });

  it('is silent about a description that names others', () => {
    const pkgInfo = 'Name: fixture\nVersion: 1.0.0\n\nName: other\n';
    expect(inspectedSdist(sdist({ pkgInfo })).findings).toEqual([]);
  });
});

describe('pkg-info-missing', () => {
  const RULE = 'pkg-info-missing';

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
