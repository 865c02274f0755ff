import { describe, expect, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import { entry } from '../../support/tar.ts';

describe('case-collision', () => {
  const RULE = 'case-collision';

  it('rejects files that differ in case', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/INDEX.js' })));
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/INDEX.js', entryIndex: 2, offset: 2048 },
    ]);
  });

  it('rejects folders that differ in case', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/lib/a.js' }), entry({ name: 'package/LIB/b.js' })),
    );
    expectRejected(verdict, RULE, [{ level: 'error', entry: 'package/LIB/b.js' }]);
  });

  it('rejects K and the Kelvin sign', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/k.js' }), entry({ name: 'package/\u212a.js' })),
    );
    expectRejected(verdict, RULE, [{ level: 'error', entryIndex: 3 }]);
  });

  it.each([
    ['the same name in two folders', { 'a/README': '', 'b/readme': '' }],
    ['dotless i, which no file system folds to i with a dot', { '\u0130.js': '', 'i.js': '' }],
  ])('is silent about %s', (_, files) => {
    expectSilent(inspected(tgz({ files })), RULE);
  });
});

describe('unicode-collision', () => {
  const RULE = 'unicode-collision';

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

describe('short-name-collision', () => {
  const RULE = 'short-name-collision';

  it('rejects the short name of package.json', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/PACKAG~1.JSO', body: '{}' })));
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/PACKAG~1.JSO', entryIndex: 2 },
    ]);
  });

  it.each([
    ['lib/second~1.js', 'lib/second file.js'],
    ['lib/second~3.js', 'lib/.second-file.js'],
    ['lib/secon~12.js', 'lib/secondary.js'],
    ['lib/se1a2f~1.js', 'lib/secondary.js'],
    ['lib/decade~1.js', 'lib/decades-ago.js'],
    ['lib/ab~1.tar', 'lib/a.b.target'],
    ['lib/ab_c~1', 'lib/ab+c'],
    ['NODE_M~1/x.js', 'node_modules/y/index.js'],
  ])('rejects %s beside %s', (short, long) => {
    for (const names of [
      [short, long],
      [long, short],
    ]) {
      const verdict = inspected(
        packageWith(...names.map((name) => entry({ name: `package/${name}`, body: 'x' }))),
      );
      expect(verdict.of(RULE)).toHaveLength(1);
      expect(verdict.status).toBe('reject');
    }
  });

  it('is silent about a name that only looks short', () => {
    expectSilent(inspected(tgz({ files: { 'package~1.json': '', 'PACKAG~1.JS': '' } })), RULE);
  });

  it.each([
    ['a~1.js', 'a.js'],
    ['readme~1.md', 'readme.md'],
    ['notes~1.txt', 'other-notes.txt'],
    ['lib/second~1.js', 'second file.js'],
    ['second~1.ts', 'second file.js'],
    ['secondary~1.js', 'secondary.js'],
    ['index.js~', 'index.js'],
    ['se1a2g~1.js', 'secondary.js'],
  ])('is silent about %s beside %s', (name, other) => {
    expectSilent(inspected(tgz({ files: { [name]: '', [other]: '' } })), RULE);
  });
});
