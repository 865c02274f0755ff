import { describe, expect, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'unicode-collision';

describe('unicode-collision', () => {
  it('rejects composed and decomposed letters', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/\u00e9.js' }), entry({ name: 'package/e\u0301.js' })),
    );
    expectRejected(verdict, RULE, [{ level: 'error', entryIndex: 3 }]);
  });

  it('rejects sharp s and its capital spelling', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/stra\u00dfe.js' }), entry({ name: 'package/strasse.js' })),
    );
    expectRejected(verdict, RULE, [{ level: 'error', entryIndex: 3 }]);
  });

  it('rejects a zero-width joiner, which HFS+ ignores', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/ind\u200dex.js' })));
    expectRejected(verdict, RULE, [{ level: 'error', entryIndex: 2 }]);
  });

  it('rejects a ligature', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/\ufb01le.js' }), entry({ name: 'package/file.js' })),
    );
    expectRejected(verdict, RULE, [{ level: 'error', entryIndex: 3 }]);
  });

  it.each([
    ['straße.js', 'STRASSE.JS'],
    ['stra\u1e9ee.js', 'strasse.js'],
    ['in\u3164dex.mjs', 'index.mjs'],
    ['index.mjs\u{e0061}', 'index.mjs'],
    ['index\ufe0f.mjs', 'index.mjs'],
    ['\u10d0.js', '\u10a0.js'],
    ['\u03b1\u0345\u0301', '\u03b1\u0301\u03b9'],
    ['\uac01', '\u1100\u1161\u11a8'],
    ['\u3164', '\uffa0'],
  ])('rejects %s beside %s, in any order', (a, b) => {
    for (const names of [
      [a, b],
      [b, a],
    ]) {
      const verdict = inspected(
        packageWith(...names.map((name) => entry({ name: `package/${name}` }))),
      );
      expect([...verdict.of(RULE), ...verdict.of('case-collision')]).toMatchObject([
        { level: 'error', entryIndex: 3 },
      ]);
      expect(verdict.status).toBe('reject');
    }
  });

  it('is silent about letters that only look alike', () => {
    expectSilent(inspected(tgz({ files: { 'a.js': '', '\u0430.js': '' } })), RULE);
  });

  it('is silent about a character that decomposes into a slash', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/a' }), entry({ name: 'package/a\uff0fb' })),
    );
    expectSilent(verdict, RULE);
  });
});
