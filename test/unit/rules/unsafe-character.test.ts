import { describe, expect, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import { entry, gnuLongName, pax } from '../../support/tar.ts';

describe('nul-in-path', () => {
  const RULE = 'nul-in-path';

  it('rejects a PAX path with a NUL', () => {
    const verdict = inspected(
      packageWith(pax({ path: 'package/safe.js\0.txt' }), entry({ name: 'package/safe.js' })),
    );
    expectRejected(verdict, RULE, [{ level: 'error', entryIndex: 2, offset: 2048 + 1024 }]);
  });

  it('rejects a GNU long name with a NUL inside', () => {
    const verdict = inspected(
      packageWith(
        gnuLongName(Buffer.from('package/safe.js\0.txt\0')),
        entry({ name: 'package/safe.js', magic: 'gnu' }),
      ),
    );
    expectRejected(verdict, RULE, [{ level: 'error' }]);
  });

  it('is silent about a name that ends with the NULs of its field', () => {
    expectSilent(inspected(packageWith(entry({ name: 'package/safe.js' }))), RULE);
  });
});

describe('control-character', () => {
  const RULE = 'control-character';

  it.each([
    ['a terminal escape', 'package/\u001b[2Kx.js'],
    ['a line feed', 'package/a\nb.js'],
    ['DEL', 'package/a\u007f.js'],
    ['a C1 control', 'package/a\u009b31m.js'],
  ])('rejects %s', (_, name) => {
    const verdict = inspected(packageWith(entry({ name })));
    expectRejected(verdict, RULE, [{ level: 'error', entryIndex: 2, offset: 2048 }]);
  });

  it.each([
    ['letters of other scripts', 'package/\u65e5\u672c.js'],
    ['a space', 'package/a b.js'],
  ])('is silent about %s', (_, name) => {
    expectSilent(inspected(packageWith(entry({ name }))), RULE);
  });
});

describe('invisible-character', () => {
  const RULE = 'invisible-character';

  it.each([
    ['a direction override', 'package/\u202esj.nigol'],
    ['a zero-width space', 'package/index\u200b.js'],
    ['a byte order mark', 'package/\ufeffindex.js'],
  ])('rejects %s', (_, name) => {
    const verdict = inspected(packageWith(entry({ name })));
    expectRejected(verdict, RULE, [{ level: 'error', entryIndex: 2, offset: 2048 }]);
  });

  it.each(['\u3164', '\u1160', '\uffa0', '\u2065', '\u{e0061}', '\u{e007f}', '\ufff8'])(
    'rejects a filler or a tag, and shows it: %j',
    (character) => {
      const verdict = inspected(packageWith(entry({ name: `package/a${character}.mjs` })));
      expect(verdict.of(RULE)).toMatchObject([{ level: 'error' }]);
      expect(verdict.of(RULE)[0]?.message).not.toContain(character);
      expect(verdict.of(RULE)[0]?.message).toContain(character.codePointAt(0)!.toString(16));
      expect(verdict.status).toBe('reject');
    },
  );

  it.each([
    '\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}.svg',
    '\u2764\ufe0f.svg',
    '\u8fbb\u{e0100}.md',
    '\u1820\u180b.md',
    '\u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645.md',
  ])('is silent about what emoji and scripts need: %j', (name) => {
    expectSilent(inspected(tgz({ files: { [name]: '' } })), RULE);
  });

  it.each([
    ['a joiner inside an emoji', 'package/\u{1f469}\u200d\u{1f4bb}.md'],
    ['accents', 'package/\u00fcber.md'],
  ])('is silent about %s', (_, name) => {
    expectSilent(inspected(packageWith(entry({ name }))), RULE);
  });
});

describe('invalid-utf8', () => {
  const RULE = 'invalid-utf8';

  it.each([
    ['bytes that are no UTF-8', 'package/\xff.js'],
    ['an overlong dot', 'package/\xc0\xae'],
    ['a lone surrogate', 'package/\xed\xa0\x80.js'],
    ['Latin-1', 'package/\xfcber.js'],
  ])('rejects %s', (_, name) => {
    const verdict = inspected(packageWith(entry({ name: Buffer.from(name, 'latin1') })));
    expectRejected(verdict, RULE, [{ level: 'error', entryIndex: 2, offset: 2048 }]);
  });

  it('is silent about UTF-8 of four bytes', () => {
    expectSilent(inspected(packageWith(entry({ name: 'package/\u{1f4e6}.md' }))), RULE);
  });
});
