import { describe, expect, it } from 'vitest';
import { inspectedSdist } from '../../support/inspected-sdist.ts';
import { expectRejected } from '../../support/inspected.ts';
import { pkgInfo, sdist } from '../../support/sdist.ts';

describe('pkg-info-name-mismatch', () => {
  const RULE = 'pkg-info-name-mismatch';

  it('rejects another name', () => {
    const verdict = inspectedSdist(sdist({ pkgInfo: pkgInfo('other', '1.0.0') }), {
      fileName: 'download',
    });
    expect(verdict.findings).toMatchObject([
      { code: RULE, level: 'error', entry: 'fixture-1.0.0/PKG-INFO' },
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

describe('pkg-info-version-mismatch', () => {
  const RULE = 'pkg-info-version-mismatch';

  it('rejects another version', () => {
    const verdict = inspectedSdist(sdist({ pkgInfo: pkgInfo('fixture', '0.9') }), {
      fileName: 'download',
    });
    expect(verdict.findings).toMatchObject([
      { code: RULE, level: 'error', entry: 'fixture-1.0.0/PKG-INFO' },
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

describe('sdist-file-name-mismatch', () => {
  const RULE = 'sdist-file-name-mismatch';

  it('rejects another version, and says which', () => {
    const [finding] = inspectedSdist(sdist(), { fileName: 'fixture-2.0.tar.gz' }).of(RULE);
    expect(finding?.message).toContain('"fixture-2.0.tar.gz" holds "fixture 1.0.0"');
  });

  it('is silent about the name that build tools give', () => {
    expect(inspectedSdist(sdist(), { fileName: 'fixture-1.0.0.tar.gz' }).findings).toEqual([]);
  });

  it.each(['fixture-1.0.1.tar.gz', 'other-1.0.0.tar.gz', 'fixture-extra-1.0.0.tgz'])(
    'rejects %s',
    (fileName) => {
      const verdict = inspectedSdist(sdist(), { fileName });
      expectRejected(verdict, RULE, [{ level: 'error', entry: 'fixture-1.0.0/PKG-INFO' }]);
    },
  );

  it.each([
    'fixture-1.0.0.tar.gz',
    'Fixture-1.0.tar.gz',
    'fixture-v1.tgz',
    'v1.0.1.tar.gz',
    'main.tar.gz',
    'fixture_1.0.0.orig.tar.gz',
    'download',
  ])('is silent about %s', (fileName) => {
    expect(inspectedSdist(sdist(), { fileName }).of(RULE)).toEqual([]);
  });

  it('is silent about sources with an old PKG-INFO, of which no version was asked for', () => {
    const sources = sdist({ top: 'fixture-2.0' });
    const asked = { version: undefined as never, fileName: 'fixture-2.0.tar.gz' };
    expect(inspectedSdist(sources, asked).findings.map(({ rule, code = rule }) => code)).toEqual([
      'sdist-folder-name',
    ]);
  });

  it.each([
    ['a.b-c', '1.0', 'a-b-c-1.0.tar.gz'],
    ['a-b-c', '1.0-1', 'a-b-c-1.0-1.tar.gz'],
    ['a', '2004d', 'a-2004d.tar.gz'],
    ['a-2', '1.0', 'a-2-1.0.tar.gz'],
  ])('is silent about %s %s in %s', (name, version, fileName) => {
    const bytes = sdist({ name, version, pkgInfo: pkgInfo(name, version) });
    expect(inspectedSdist(bytes, { name, version, fileName }).findings).toEqual([]);
  });
});
