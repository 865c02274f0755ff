import { describe, expect, it } from 'vitest';
import { expectSilent, inspected, type Inspected } from '../../support/inspected.ts';
import { wheel, wheelFileName } from '../../support/wheel.ts';

describe('wheel-planted-distribution', () => {
  const RULE = 'wheel-planted-distribution';
  const DATA = 'fixture-1.0.0.data';
  const of = (bytes: Buffer, fileName = wheelFileName()): Inspected =>
    inspected(bytes, { format: 'wheel', expected: { fileName } });

  it.each([
    'fixture-1.0.0.data/purelib/./victim-99.0.dist-info/RECORD',
    'fixture-1.0.0.data/./purelib/victim-99.0.dist-info/RECORD',
    'fixture-1.0.0.data/purelib//victim-99.0.dist-info/RECORD',
    'fixture-1.0.0.data/purelib/a/../victim-99.0.dist-info/RECORD',
    String.raw`fixture-1.0.0.data/purelib\victim-99.0.dist-info\RECORD`,
    'fixture-1.0.0.data/data/lib/python3.11/site-packages/victim-99.0.dist-info/RECORD',
    'fixture-1.0.0.data/data/lib/python3.11/./site-packages/victim-99.0.dist-info/RECORD',
    './victim-99.0.egg-info/PKG-INFO',
    'victim.egg-info/./PKG-INFO',
  ])('finds one at %s', (path) => {
    expect(of(wheel({ files: { [path]: 'x' } })).of(RULE)[0]).toMatchObject({ level: 'error' });
  });

  it('rejects a second distribution beside the own one', () => {
    const verdict = of(wheel({ files: { 'other-0.1.egg-info/PKG-INFO': 'Name: other\n' } }));
    expect(verdict.of(RULE)[0]).toMatchObject({ entry: 'other-0.1.egg-info/PKG-INFO' });
    expect(verdict.status).toBe('reject');
  });

  it.each([
    'other-0.1.egg-info/installed-files.txt',
    'other-0.1.EGG-INFO/PKG-INFO',
    'other-0.1.egg-info',
    'other.egg-link',
    'other-0.1.egg/other-0.1.egg-info/installed-files.txt',
    `${DATA}/purelib/other-0.1.dist-info/RECORD`,
    `${DATA}/platlib/other-0.1.Dist-Info/RECORD`,
    `${DATA}/purelib/fixture-1.0.0.dist-info/RECORD`,
    `${DATA}/data/lib/python3.13/site-packages/other-0.1.dist-info/RECORD`,
    `${DATA}/data/Lib/site-packages/other.egg-link`,
  ])('rejects %s', (path) => {
    const verdict = of(wheel({ files: { [path]: 'x' } }));
    expect(verdict.of(RULE)[0]).toMatchObject({ level: 'error' });
    expect(verdict.status).toBe('reject');
  });

  it('is silent about those of vendored packages, and about names that only look alike', () => {
    const verdict = of(
      wheel({
        files: {
          'fixture/_vendor/six-1.16.0.dist-info/METADATA': 'x',
          'fixture/tests/data/x.egg-info/PKG-INFO': 'x',
          'fixture_egg_info.py': 'x',
          [`${DATA}/purelib/fixture/other.egg-info/PKG-INFO`]: 'x',
          [`${DATA}/data/share/fixture/egg-info`]: 'x',
        },
      }),
    );
    expectSilent(verdict, RULE);
  });
});

describe('wheel-installer-file', () => {
  const RULE = 'wheel-installer-file';
  const of = (bytes: Buffer, fileName = wheelFileName()): Inspected =>
    inspected(bytes, { format: 'wheel', expected: { fileName } });

  const body = '{"url": "https://example.com/other.tar.gz", "archive_info": {}}';

  it.each([
    'fixture-1.0.0.dist-info/direct_url.json',
    'fixture-1.0.0.dist-info/Direct_URL.json',
    'fixture-1.0.0.dist-info/./direct_url.json',
  ])('rejects %s', (path) => {
    const verdict = of(wheel({ files: { [path]: body } }));
    expect(verdict.of(RULE)[0]).toMatchObject({ level: 'error' });
    expect(verdict.status).toBe('reject');
  });

  it('rejects it also where RECORD does not list it', () => {
    const name = 'fixture-1.0.0.dist-info/direct_url.json';
    const verdict = of(wheel({ entries: [{ name, body, unlisted: true }] }));
    expect(verdict.of(RULE)).toHaveLength(1);
  });

  it('is silent about other files of installers, and about its name elsewhere', () => {
    const folder = 'fixture-1.0.0.dist-info';
    const paths = [
      'INSTALLER',
      'REQUESTED',
      'licenses/direct_url.json',
      '../fixture/direct_url.json',
    ];
    const files = Object.fromEntries(
      paths.map((path) => [path.startsWith('../') ? path.slice(3) : `${folder}/${path}`, body]),
    );
    expectSilent(of(wheel({ files })), RULE);
  });
});
