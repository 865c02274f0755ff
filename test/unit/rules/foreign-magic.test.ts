import { describe, expect, it } from 'vitest';
import { beginningWith, foreign, MAGICS, type Place } from '../../support/attacks/foreign.ts';
import { gzip } from '../../support/gzip.ts';
import { expectRejected, inspected } from '../../support/inspected.ts';
import { pkg, tgz } from '../../support/pkg.ts';
import { entry, pax } from '../../support/tar.ts';

const RULE = 'foreign-magic';
const PLACES: readonly Place[] = ['pax', 'global', 'long-name', 'entry', 'prefix'];

describe('foreign-magic', () => {
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
