import { describe, expect, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import { entry, pax } from '../../support/tar.ts';

describe('tar-signed-checksum', () => {
  const RULE = 'tar-signed-checksum';

  it('rejects a sum over signed bytes', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/\u00e9.js', checksum: 'signed' })),
    );
    expectRejected(verdict, RULE, [{ level: 'error', offset: 2048 }]);
  });

  it.each([
    ['a name beyond ASCII with the right sum', { name: 'package/\u00e9.js' }],
    ['ASCII only, where both sums are the same', { name: 'package/x.js', checksum: 'signed' }],
  ] as const)('is silent about %s', (_, fields) => {
    expectSilent(inspected(packageWith(entry(fields))), RULE);
  });
});

describe('tar-magic', () => {
  const RULE = 'tar-magic';

  it.each([
    ['an unknown magic', [entry({ name: 'package/x.js', magic: Buffer.from('USTAR!') })]],
    ['ustar with an odd version', [entry({ name: 'package/x.js', version: ' 0' })]],
    [
      'it on an extended header',
      [
        pax({ path: 'package/x.js' }, { magic: Buffer.from('USTAR!') }),
        entry({ name: 'package/x.js' }),
      ],
    ],
  ])('rejects %s', (what, parts) => {
    const where = what.startsWith('it ') ? {} : { entry: 'package/x.js', entryIndex: 2 };
    const verdict = inspected(packageWith(...parts));
    expectRejected(verdict, RULE, [{ level: 'error', ...where, offset: 2048 }]);
  });

  it.each([
    ['POSIX magic', { name: 'package/x.js' }],
    ['GNU magic', { name: 'package/x.js', magic: 'gnu' }],
  ] as const)('is silent about %s', (_, fields) => {
    expectSilent(inspected(packageWith(entry(fields))), RULE);
  });
});

describe('tar-prefix', () => {
  const RULE = 'tar-prefix';

  it('rejects a prefix under GNU magic', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'x.js', magic: 'gnu', prefix: 'package/lib' })),
    );
    expectRejected(verdict, RULE, [{ level: 'error', entry: 'x.js', offset: 2048 }]);
  });

  it('rejects a prefix without magic', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/x.js', magic: 'v7', prefix: 'package' })),
    );
    expectRejected(verdict, RULE, [{ level: 'error', offset: 2048 }]);
  });

  it.each([
    ['a POSIX prefix', { name: 'x.js', prefix: 'package/lib' }],
    ['GNU magic without one', { name: 'package/x.js', magic: 'gnu' }],
  ] as const)('is silent about %s', (_, fields) => {
    expectSilent(inspected(packageWith(entry(fields))), RULE);
  });
});

describe('tar-field-residue', () => {
  const RULE = 'tar-field-residue';

  it.each([
    [
      'the NUL of the name',
      packageWith(entry({ name: 'package/x.js\0.hidden' })),
      { level: 'error', entry: 'package/x.js', entryIndex: 2, offset: 2048 },
    ],
    [
      'the NUL of the prefix',
      packageWith(entry({ name: 'x.js', prefix: 'package\0/../..' })),
      { level: 'error', entry: 'package/x.js', entryIndex: 2, offset: 2048 },
    ],
    [
      'an empty prefix, also where a PAX path replaces it',
      packageWith(
        pax({ path: 'package/x.js' }),
        entry({ name: 'package/x.js', raw: { prefix: Buffer.alloc(155).fill(0xf3, 143, 144) } }),
      ),
      { level: 'error', entry: 'package/x.js' },
    ],
    [
      'the NUL of a link target',
      packageWith(entry({ name: 'package/x.js', linkname: '\0\n/etc' })),
      { level: 'error', entry: 'package/x.js', entryIndex: 2, offset: 2048 },
    ],
  ])('rejects bytes after %s', (_, archive, expected) => {
    expectRejected(inspected(archive), RULE, [expected]);
  });

  it('is silent about a name that fills its field', () => {
    expectSilent(inspected(packageWith(entry({ name: `package/${'x'.repeat(92)}` }))), RULE);
  });

  it('is silent about times behind the prefix, where old node-tar kept them', () => {
    const verdict = inspected(
      packageWith(
        entry({
          name: 'x.js',
          raw: {
            prefix: Buffer.concat([
              Buffer.from('package'.padEnd(131, '\0')),
              Buffer.from('12345670123 12345670123 '),
            ]),
          },
        }),
      ),
    );
    expectSilent(verdict, RULE);
  });
});

describe('invalid-number', () => {
  const RULE = 'invalid-number';

  it.each([
    ['a mode that is not a number', '0000x44\0'],
    ['a mode of spaces', '        '],
    ['digits after the end of a number', '644 755\0'],
  ])('rejects %s', (_, text) => {
    const verdict = inspected(packageWith(entry({ name: 'package/x.js', mode: { text } })));
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/x.js', entryIndex: 2, offset: 2048 },
    ]);
  });

  it('rejects an empty mode, which pnpm 12 refuses', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/x.js', mode: null })));
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/x.js', entryIndex: 2, offset: 2048 },
    ]);
  });

  it.each(['uid', 'gid', 'mtime'])('rejects %s of spaces, which GNU tar refuses', (field) => {
    const text = ' '.repeat(field === 'mtime' ? 12 : 8);
    const verdict = inspected(packageWith(entry({ name: 'package/x.js', [field]: { text } })));
    expectRejected(verdict, RULE, [{ level: 'error', entry: 'package/x.js' }]);
  });

  it('rejects an owner past 32 bits, which GNU tar refuses, and takes the largest one', () => {
    const withOwner = (uid: bigint): ReturnType<typeof inspected> =>
      inspected(packageWith(entry({ name: 'package/x.js', uid: { base256: uid } })));
    expect(withOwner(2n ** 32n).of(RULE)).toMatchObject([
      { level: 'error', entry: 'package/x.js' },
    ]);
    expect(withOwner(2n ** 32n - 1n).of(RULE)).toEqual([]);
  });

  it('rejects an owner that is not a number', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/x.js', uid: { text: 'root\0' } })),
    );
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/x.js', entryIndex: 2, offset: 2048 },
    ]);
  });

  it('rejects a device number that is none', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/x.js', devmajor: { text: '0x00\0' } })),
    );
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/x.js', entryIndex: 2, offset: 2048 },
    ]);
  });

  it('rejects it on an extended header', () => {
    const verdict = inspected(
      packageWith(
        pax({ path: 'package/x.js' }, { mode: { text: '9999999\0' } }),
        entry({ name: 'package/x.js' }),
      ),
    );
    expectRejected(verdict, RULE, [{ level: 'error', offset: 2048 }]);
  });

  it('is silent about empty owner and time', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/x.js', uid: null, gid: null, mtime: null })),
    );
    expectSilent(verdict, RULE);
  });

  it.each([
    ['numbers that end in space and NUL', { text: '000765 \0' }],
    ['owners in binary form', { base256: 2_000_000_001n }],
  ])('is silent about %s', (_, uid) => {
    expectSilent(inspected(packageWith(entry({ name: 'package/x.js', uid }))), RULE);
  });
});

describe('base256-number', () => {
  const RULE = 'base256-number';

  it('rejects a binary size', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/x.js', body: 'x', declaredSize: { base256: 1 } })),
    );
    expectRejected(verdict, RULE, [{ level: 'error', offset: 2048 }]);
  });

  it('rejects a binary mode', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/x.js', mode: { base256: 0o644 } })),
    );
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/x.js', entryIndex: 2, offset: 2048 },
    ]);
  });

  it('is silent about binary owners', () => {
    const verdict = inspected(
      packageWith(
        entry({
          name: 'package/x.js',
          uid: { base256: 2_000_000_001n },
          gid: { base256: 1_900_000_001n },
        }),
      ),
    );
    expectSilent(verdict, RULE);
  });

  it('is silent about octal numbers', () => {
    expectSilent(inspected(tgz()), RULE);
  });
});

describe('link-target-on-file', () => {
  const RULE = 'link-target-on-file';

  it('rejects a file with a link target', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/x.js', linkname: 'index.js', body: 'x' })),
    );
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/x.js', entryIndex: 2, offset: 2048 },
    ]);
  });

  it('rejects package.json with a link target, which npm would not find', () => {
    const verdict = inspected(
      tgz({
        manifest: null,
        entries: [
          entry({
            name: 'package/package.json',
            linkname: 'x',
            body: '{"name":"fixture","version":"1.0.0"}',
          }),
        ],
      }),
    );
    expectRejected(verdict, RULE, [{ level: 'error', entry: 'package/package.json' }]);
  });

  it('rejects a folder with one', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/lib/', typeflag: '5', linkname: 'x' })),
    );
    expectRejected(verdict, RULE, [{ level: 'error', entry: 'package/lib' }]);
  });

  it('rejects an extended header with one, which Yarn 4.18 passes over', () => {
    const path = `package/${'x'.repeat(100)}/index.js`;
    const named = { name: path.slice(0, 100), body: 'x' };
    const verdict = inspected(packageWith(pax({ path }, { linkname: 'index.js' }), entry(named)));
    expectRejected(verdict, RULE, [{ level: 'error', offset: 2048 }]);
    expectSilent(inspected(packageWith(pax({ path }), entry(named))), RULE);
  });

  it('is silent about a file without', () => {
    expectSilent(inspected(tgz()), RULE);
  });

  it('is silent about owner names, which stand nearby', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/x.js', uname: 'builder', gname: 'staff' })),
    );
    expectSilent(verdict, RULE);
  });
});
