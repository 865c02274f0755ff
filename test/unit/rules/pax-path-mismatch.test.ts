import { describe, expect, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { gzip } from '../../support/gzip.ts';
import { archive, BLOCK, end, entry, pax, paxBody } from '../../support/tar.ts';

const RULE = 'pax-path-mismatch';

describe('pax-path-mismatch', () => {
  it('rejects a PAX path that is another file', () => {
    const verdict = inspected(
      packageWith(pax({ path: 'package/evil.js' }), entry({ name: 'package/x.js' })),
    );
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/evil.js', entryIndex: 2, offset: 2048 + 1024 },
    ]);
  });

  it.each([
    ['an empty PAX path', '', { name: 'package/x.js' }],
    [
      'a name that ends in a slash with type NUL, a folder for Python',
      `package/${'d'.repeat(90)}/x.js`,
      { name: `package/${'d'.repeat(90)}/`, typeflag: 0 },
    ],
    [
      'a long path that the header does not begin',
      `package/${'d'.repeat(120)}`,
      { name: 'package/other' },
    ],
  ])('rejects %s', (_, path, fields) => {
    const verdict = inspected(packageWith(pax({ path }), entry(fields)));
    expectRejected(verdict, RULE, [{ level: 'error' }]);
  });

  describe('where node-tar reads a character of the path in two pieces', () => {
    const PIECE = 16 * 1024;
    /** The path's last letter but one byte of it is before a piece's end, or `later` bytes behind that. */
    const across = (path: string, name: string, later = 0) => {
      const records = (comment: number): Buffer => paxBody({ comment: 'c'.repeat(comment), path });
      const at = records(300).indexOf(Buffer.from('\u00e9'));
      const body = records(300 + BLOCK - 1 - at + later);
      const [manifest, index] = [entry({ name: 'package/package.json', body: '{}' }), entry()];
      const pad = PIECE - 2 * BLOCK - manifest.length - index.length - BLOCK;
      return inspected(
        gzip(
          archive(
            manifest,
            index,
            entry({ name: 'package/pad', body: Buffer.alloc(pad) }),
            pax(body),
            entry({ name }),
            end(),
          ),
        ),
      );
    };

    it('rejects one for which the header has another name', () => {
      const verdict = across('package/x.js\u00e9', 'package/x.js');
      expectRejected(verdict, RULE, [{ level: 'error', entry: 'package/x.js\u00e9' }]);
    });

    it.each([1, -1])('is silent %s byte away from it', (later) => {
      expect(across('package/x.js\u00e9', 'package/x.js', later).of(RULE)).toEqual([]);
    });

    it('is silent about the same name in the header', () => {
      expect(across('package/x.js\u00e9', 'package/x.js\u00e9').of(RULE)).toEqual([]);
    });
  });

  it.each([
    ['the same path in both', 'package/x.js', { name: 'package/x.js' }],
    [
      'a long path cut at the end of the field',
      `package/${'d/'.repeat(50)}x.js`,
      { name: `package/${'d/'.repeat(50)}x.js`.slice(0, 100) },
    ],
    [
      'the same path in name and prefix',
      'package/lib/x.js',
      { name: 'x.js', prefix: 'package/lib' },
    ],
    [
      'times behind an empty prefix, as old node-tar wrote them',
      'package/x.js',
      {
        name: 'package/x.js',
        raw: { prefix: Buffer.from('12345670123 12345670123 '.padStart(155, '\0')) },
      },
    ],
  ])('is silent about %s', (_, path, fields) => {
    expectSilent(inspected(packageWith(pax({ path }), entry(fields))), RULE);
  });

  it.each([
    ['stand-ins', 'package/_ber.js'],
    ['question marks', 'package/??ber.js'],
    ['what is left without them', 'package/ber.js'],
    ['the start of that', 'package/b'],
    ['other letters instead of its own', 'package/\u00f6ber.js'],
  ])('is silent about a path beyond ASCII with %s in the header', (_what, name) => {
    const verdict = inspected(packageWith(pax({ path: 'package/\u00fcber.js' }), entry({ name })));
    expectSilent(verdict, RULE);
  });

  it.each([
    ['another letter', 'package/_bar.js'],
    ['one letter more', 'package/_ber.jsx'],
    ['another folder', 'pockage/_ber.js'],
  ])('rejects a path beyond ASCII with %s in the header', (_what, name) => {
    const verdict = inspected(packageWith(pax({ path: 'package/\u00fcber.js' }), entry({ name })));
    expectRejected(verdict, RULE, [{ level: 'error' }]);
  });

  it('rejects a stand-in where the path is ASCII', () => {
    const verdict = inspected(
      packageWith(pax({ path: 'package/uber.js' }), entry({ name: 'package/_ber.js' })),
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error' }]);
  });
});
