import { describe, expect, it } from 'vitest';
import { expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import { entry, pax } from '../../support/tar.ts';

const RULE = 'pax-global-override';

describe('pax-global-override', () => {
  it.each([
    ['path', { path: 'package/evil.js' }, RULE],
    ['size', { size: '0' }, RULE],
    ['time that is not a number', { mtime: 'x' }, 'pax-malformed'],
  ])('rejects a global %s', (_, records, rule) => {
    const verdict = inspected(
      packageWith(pax(records, { global: true }), entry({ name: 'package/x.js' })),
    );
    expect(verdict.of(rule)).toMatchObject([{ level: 'error', offset: 2048 }]);
    expect(verdict.status).toBe('reject');
  });

  it.each([
    'linkpath',
    'SCHILY.xattr.a',
    'LIBARCHIVE.x',
    'GNU.sparse.size',
    'hdrcharset',
    'mtime2',
    'Uname',
  ])('rejects a global %s, also beside a time', (key) => {
    const verdict = inspected(
      packageWith(
        pax({ mtime: '1', [key]: '0' }, { global: true }),
        entry({ name: 'package/x.js' }),
      ),
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', offset: 2048 }]);
    expect(verdict.of(RULE)[0]?.message).not.toContain('"mtime"');
    expect(verdict.status).toBe('reject');
  });

  it.each([
    { mtime: '1500000000.25' },
    { atime: '0', ctime: '-1' },
    { uid: '0', gid: '4294967295' },
    { uname: 'root', gname: '' },
    { comment: 'x', mtime: '1', uname: 'x' },
  ])('is silent about %j, which names no file and no bytes', (records) => {
    const verdict = inspected(
      packageWith(pax(records, { global: true }), entry({ name: 'package/x.js' })),
    );
    expect(verdict.findings).toEqual([]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about a global comment, as git writes it', () => {
    const verdict = inspected(
      tgz({
        before: [pax({ comment: '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567' }, { global: true })],
      }),
    );
    expectSilent(verdict, RULE);
  });
});
