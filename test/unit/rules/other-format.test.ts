import { describe, expect, it } from 'vitest';
import { MAGICS, beginningWith, foreign, type Place } from '../../support/attacks/foreign.ts';
import { gzip } from '../../support/gzip.ts';
import { inspectedSdist } from '../../support/inspected-sdist.ts';
import { expectRejected, inspected } from '../../support/inspected.ts';
import { pkg, tgz } from '../../support/pkg.ts';
import { sdist, sdistTar } from '../../support/sdist.ts';
import { entry, pax } from '../../support/tar.ts';
import { zip } from '../../support/zip.ts';

describe('foreign-magic', () => {
  const RULE = 'foreign-magic';
  const PLACES: readonly Place[] = ['pax', 'global', 'long-name', 'entry', 'prefix'];

  it('rejects a tar that is another one once it is decoded as gzip', () => {
    const verdict = inspected(foreign('gzip', { name: 'fixture' }));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', offset: 0 }]);
    expect(verdict.of(RULE)[0]?.message).toContain('it begins as gzip does');
    expect(verdict.status).toBe('reject');
  });

  it.each(Object.entries(MAGICS))('rejects a tar that begins as %s does', (_, magic) => {
    for (const place of PLACES) {
      const verdict = inspected(beginningWith(magic, { name: 'fixture', place }));
      expectRejected(verdict, RULE, [{ level: 'error', offset: 0 }]);
    }
  });

  it.each(['gzip', 'gzip-without-extra', 'zstd'] as const)(
    'rejects a package hidden as %s',
    (hiding) => {
      for (const place of PLACES) {
        const verdict = inspected(foreign(hiding, { name: 'fixture', place }));
        expect(verdict.of(RULE)).toHaveLength(1);
      }
    },
  );

  it.each([
    '5*M',
    '7z',
    'BZh',
    'BZh91AY',
    'BZip',
    'PK',
    'PK00',
    'PKG',
    'LZIP',
    'LRZI',
    'Rar!',
    'xar!',
    'MSCF',
    'MZ',
    'GRZipII',
    'begin',
    'begin 644',
    'begin-base64 644',
    '#mtree',
    'WARC',
    '070707',
    '0707010000',
    '!<arch>',
    ']',
    'p',
    '\u00fcber',
  ])('is silent about a first folder called %s', (top) => {
    const verdict = inspected(tgz({ top }));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.findings.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('is silent about the versions of WARC as folders', () => {
    expect(inspected(tgz({ top: 'WARC/1.0' })).of(RULE)).toEqual([]);
  });

  it.each(Object.entries(MAGICS))('is silent about a file that begins as %s does', (_, magic) => {
    const inside = gzip(pkg({ files: { 'a.bin': magic, 'b.bin': Buffer.concat([magic, magic]) } }));
    expect(inspected(inside).findings).toEqual([]);
  });

  it.each([
    'PaxHeader/package.json',
    './PaxHeaders.123/x',
    '././@PaxHeader',
    'package/PaxHeaders/x',
  ])('is silent about an extended header called %s', (name) => {
    const before = [pax({ comment: 'x' }, { name }), entry({ name: 'package/a.js', body: 'a' })];
    expect(inspected(tgz({ before })).findings).toEqual([]);
  });
});

describe('archive-type-mismatch', () => {
  const RULE = 'archive-type-mismatch';

  const named = (bytes: Buffer, fileName: string): unknown[] =>
    inspectedSdist(bytes, { fileName }).of(RULE);

  it('rejects what is neither', () => {
    expect(named(Buffer.from('<!doctype html>'), 'fixture-1.0.0.tar.gz')).toHaveLength(1);
  });

  it('is silent about a tar.gz', () => {
    expect(named(sdist(), 'fixture-1.0.0.tar.gz')).toEqual([]);
  });

  it.each([
    [
      'a zip named as a tar.gz',
      zip([]),
      'fixture-1.0.0.tar.gz',
      'it is zip, and its name ends as that of gzip',
    ],
    [
      'a tar.gz named as a zip',
      sdist(),
      'fixture-1.0.0.ZIP',
      'it is gzip, and its name ends as that of zip',
    ],
    [
      'a tar.gz named as a tar.xz',
      sdist(),
      'fixture-1.0.0.txz',
      'it is gzip, and its name ends as that of xz',
    ],
    [
      'a tar named as a tgz',
      sdistTar(),
      'fixture-1.0.0.tgz',
      'it is neither gzip nor a zip, and its name ends as that of gzip',
    ],
    [
      'a tar.gz named as a tar',
      sdist(),
      'fixture-1.0.0.tar',
      'it is gzip, and its name ends as that of a tar',
    ],
  ])('rejects %s', (_what, bytes, fileName, detail) => {
    expect(named(bytes, fileName)).toMatchObject([
      { level: 'error', message: expect.stringContaining(detail) as string },
    ]);
  });

  it.each(['fixture-1.0.0.tar.gz', 'fixture-1.0.0.TGZ', 'fixture', 'v1.0', ''])(
    'is silent about a tar.gz named %j',
    (fileName) => {
      expect(named(sdist(), fileName)).toEqual([]);
    },
  );
});

describe('hidden-zip', () => {
  const RULE = 'hidden-zip';

  const other = zip([{ name: 'fixture-1.0.0/setup.py', body: 'x' }]);

  it('rejects a zip behind the gzip member', () => {
    const bytes = Buffer.concat([sdist(), other]);
    const verdict = inspectedSdist(bytes);
    expectRejected(verdict, RULE, [{ level: 'error', layer: 'zip', offset: bytes.length - 22 }]);
  });

  it.each([
    ['with a comment', zip([{ name: 'a', body: 'x' }], { comment: 'x'.repeat(0xffff) })],
    ['with other bytes behind it', Buffer.concat([other, Buffer.alloc(5000)])],
    ['of zip64', zip([{ name: 'a', body: 'x' }], { zip64: true })],
    ['without entries', zip([])],
    ['whose offsets do not fit', zip([{ name: 'a', body: 'x' }], { end: { offset: 12_345 } })],
  ])('rejects one %s', (_what, hidden) => {
    expect(inspectedSdist(Buffer.concat([sdist(), hidden])).of(RULE)).toHaveLength(1);
  });

  it('rejects one that the compression stores, where no other rule sees it', () => {
    const entries = [entry({ name: 'fixture-1.0.0/data.zip', body: other })];
    const { findings } = inspectedSdist(gzip(sdistTar({ entries }), { level: 0 }));
    expect(findings.map(({ code }) => code)).toEqual([RULE]);
  });

  it('is silent about the same zip compressed', () => {
    const entries = [entry({ name: 'fixture-1.0.0/data.zip', body: other })];
    expect(inspectedSdist(sdist({ entries })).findings).toEqual([]);
  });

  it('is silent about a stored zip that is further from the end than Python looks', () => {
    const entries = [
      entry({ name: 'fixture-1.0.0/data.zip', body: other }),
      entry({ name: 'fixture-1.0.0/large', body: Buffer.alloc(0x1_0000) }),
    ];
    expect(inspectedSdist(gzip(sdistTar({ entries }), { level: 0 })).findings).toEqual([]);
  });
});
