import { DEFAULT_POLICY } from '@tarwarden/core';
import { describe, expect, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import { entry, pax, paxBody, type PaxRecords } from '../../support/tar.ts';

describe('pax-malformed', () => {
  const RULE = 'pax-malformed';

  it.each<[string, PaxRecords | Uint8Array]>([
    ['a record that is longer than the header', [['path', 'package/x.js', 99]]],
    ['a record without =', Buffer.from('9 nokeys\n')],
    ['a record without a line feed', Buffer.from('21 path=package/x.jsX')],
    ['a record of length 0', [['path', 'package/x.js', 0]]],
    ['a length that starts with a zero', Buffer.from('013 comment=x\n')],
    ['an empty key', Buffer.from('5 =x\n')],
    ['an empty header, after which tar-stream is lost', Buffer.alloc(0)],
    ['a time that is not a number', { mtime: 'x' }],
  ])('rejects %s', (_, records) => {
    const verdict = inspected(packageWith(pax(records), entry({ name: 'package/x.js' })));
    expectRejected(verdict, RULE, [{ level: 'error', offset: 2048 }]);
  });

  it('rejects a NUL in a value, and in a key', () => {
    const records: PaxRecords = [
      ['comment', 'a\0b'],
      ['path\0', 'x'],
    ];
    const verdict = inspected(packageWith(pax(records), entry({ name: 'package/x.js' })));
    expectRejected(verdict, RULE, [
      { level: 'error', offset: 2048 },
      { level: 'error', offset: 2048 },
    ]);
  });

  it.each([
    ' path',
    '\tpath',
    'path ',
    'a b',
    'pa\0th',
    '\ufeffpath',
    '\u00a0path',
    'p\u00e4th',
    'path\r',
    '\u001fpath',
  ])('rejects the key %j', (key) => {
    const verdict = inspected(packageWith(pax({ [key]: '1' }), entry({ name: 'package/x.js' })));
    expectRejected(verdict, RULE, [{ level: 'error', offset: 2048 }]);
  });

  it('rejects it whatever the policy says, since npm reads on behind the record and we do not', () => {
    const hidden = Buffer.concat([Buffer.from('xx\n'), paxBody({ path: 'package/.git/config' })]);
    const policy = { ...DEFAULT_POLICY, levels: { 'pax-ambiguous': 'warning' as const } };
    const bytes = packageWith(pax(hidden), entry({ name: 'package/x.js' }));
    expect(inspected(bytes, { policy }).status).toBe('reject');
  });

  it.each([
    { uid: '4294967296' },
    { gid: '-1' },
    { uid: '1.5' },
    { mtime: '99999999999999999999' },
  ])('rejects %j, which GNU tar refuses', (records) => {
    const verdict = inspected(packageWith(pax(records), entry({ name: 'package/x.js' })));
    expectRejected(verdict, RULE, [{ level: 'error', offset: 2048 }]);
  });

  it.each([
    { 'LIBARCHIVE.xattr.com.apple.provenance': 'AQAA' },
    { 'SCHILY.xattr.user.a:b/c-d_e': 'x' },
    { uid: '4294967295' },
    { gid: '0' },
    { mtime: '-5.5' },
    { mtime: '1700000000.123' },
  ])('takes %j', (records) => {
    expectSilent(inspected(packageWith(pax(records), entry({ name: 'package/x.js' }))), RULE);
  });

  it.each([
    'comment',
    'uname',
    'gname',
    'path',
    'LIBARCHIVE.xattr.user.a',
    'SCHILY.xattr',
    'SCHILY.xattr.security.capability',
    'SCHILY.xattr.user.a',
    'SCHILY.xattr.com.applet',
    'SCHILY.acl.access',
  ])('rejects a NUL in the value of %s', (key) => {
    const verdict = inspected(
      packageWith(pax({ [key]: 'package/x.js\0' }), entry({ name: 'package/x.js' })),
    );
    expectRejected(verdict, RULE, [{ level: 'error', offset: 2048 }]);
  });

  it('rejects a record that is cut by a NUL, in whatever key it is', () => {
    const body = Buffer.from('40 SCHILY.xattr.com.apple.provenance=\u0001\0');
    const verdict = inspected(packageWith(pax(body), entry({ name: 'package/x.js' })));
    expectRejected(verdict, RULE, [{ level: 'error' }]);
  });

  it.each(['010000', '00', '0100005a3f9912ff80c3', '00706174683d7061636b6167652f6576696c'])(
    'is silent about the bytes %s of an extended attribute, into which no reader looks',
    (hex) => {
      const value = Buffer.from(hex, 'hex');
      const verdict = inspected(
        packageWith(
          pax({ 'SCHILY.xattr.com.apple.provenance': value, path: 'package/x.js' }),
          entry({ name: 'package/x.js' }),
        ),
      );
      expect(verdict.findings).toEqual([]);
      expect(verdict.status).toBe('accept');
    },
  );

  it('rejects more records than anyone needs', () => {
    const verdict = inspected(
      packageWith(
        pax(Array.from({ length: 1100 }, (_, i) => [`k${i}`, 'x'] as const)),
        entry({ name: 'package/x.js' }),
      ),
    );
    expectRejected(verdict, RULE, [{ level: 'error', offset: 2048 }]);
  });

  it('is silent about the records of node-tar, star and libarchive', () => {
    const verdict = inspected(
      packageWith(
        pax({
          'NODETAR.package.name': 'x',
          'SCHILY.dev': '1',
          'LIBARCHIVE.creationtime': '1500000000',
          mtime: '1500000000.25',
          uid: '501',
          gname: 'staff',
        }),
        entry({ name: 'package/x.js' }),
      ),
    );
    expectSilent(verdict, RULE);
  });

  it('is silent about an = in a value', () => {
    const verdict = inspected(
      packageWith(pax({ comment: 'a=b' }), entry({ name: 'package/x.js' })),
    );
    expectSilent(verdict, RULE);
  });
});

describe('pax-value-newline', () => {
  const RULE = 'pax-value-newline';

  it.each([
    ['inside the value of another', { comment: 'x\n28 path=package/smuggled.js' }],
    ['that begins inside the key of another', { 'x\n28 path': 'package/smuggled.js' }],
  ])('rejects a record %s', (_, records) => {
    const verdict = inspected(packageWith(pax(records), entry({ name: 'package/x.js' })));
    expectRejected(verdict, RULE, [{ level: 'error', offset: 2048 }]);
  });

  it('is silent about several records', () => {
    const verdict = inspected(
      packageWith(pax({ comment: 'x', path: 'package/x.js' }), entry({ name: 'package/x.js' })),
    );
    expectSilent(verdict, RULE);
  });
});

describe('pax-repeated-key', () => {
  const RULE = 'pax-repeated-key';

  it('rejects a path twice', () => {
    const verdict = inspected(
      packageWith(
        pax([
          ['path', 'package/a.js'],
          ['path', 'package/x.js'],
        ]),
        entry({ name: 'package/x.js' }),
      ),
    );
    expectRejected(verdict, RULE, [{ level: 'error', offset: 2048 }]);
  });

  it('rejects a comment twice', () => {
    const verdict = inspected(
      packageWith(
        pax([
          ['comment', 'a'],
          ['comment', 'a'],
        ]),
        entry({ name: 'package/x.js' }),
      ),
    );
    expectRejected(verdict, RULE, [{ level: 'error', offset: 2048 }]);
  });

  it('is silent about the same key for two entries', () => {
    const verdict = inspected(
      packageWith(
        pax({ path: 'package/x.js' }),
        entry({ name: 'package/x.js' }),
        pax({ path: 'package/y.js' }),
        entry({ name: 'package/y.js' }),
      ),
    );
    expectSilent(verdict, RULE);
  });

  it('is silent about keys that differ in case', () => {
    const verdict = inspected(
      packageWith(pax({ comment: 'a', Comment: 'b' }), entry({ name: 'package/x.js' })),
    );
    expectSilent(verdict, RULE);
  });
});

describe('pax-global-override', () => {
  const RULE = 'pax-global-override';

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

describe('pax-charset', () => {
  const RULE = 'pax-charset';

  it.each([
    ['another character set for paths', { hdrcharset: 'BINARY', path: 'package/x.js' }],
    ['a character set of the content', { charset: 'ISO-IR 8859 1 1998' }],
  ])('rejects %s', (_, records) => {
    const verdict = inspected(packageWith(pax(records), entry({ name: 'package/x.js' })));
    expectRejected(verdict, RULE, [{ level: 'error', offset: 2048 }]);
  });

  it('is silent about a path in UTF-8', () => {
    const verdict = inspected(
      packageWith(pax({ path: 'package/\u00e9.js' }), entry({ name: 'package/\u00e9.js' })),
    );
    expectSilent(verdict, RULE);
  });
});
