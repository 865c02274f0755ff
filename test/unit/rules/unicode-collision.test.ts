import { describe, expect, it } from 'vitest';
import { judged, packageWith } from '../../support/judged.ts';
import { tgz } from '../../support/pkg.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'unicode-collision';

describe('unicode-collision', () => {
  it('rejects composed and decomposed letters', () => {
    const verdict = judged(
      packageWith(entry({ name: 'package/\u00e9.js' }), entry({ name: 'package/e\u0301.js' })),
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entryIndex: 3 }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects sharp s and its capital spelling', () => {
    const verdict = judged(
      packageWith(entry({ name: 'package/stra\u00dfe.js' }), entry({ name: 'package/strasse.js' })),
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entryIndex: 3 }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a zero-width joiner, which HFS+ ignores', () => {
    const verdict = judged(packageWith(entry({ name: 'package/ind\u200dex.js' })));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entryIndex: 2 }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a ligature', () => {
    const verdict = judged(
      packageWith(entry({ name: 'package/\ufb01le.js' }), entry({ name: 'package/file.js' })),
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entryIndex: 3 }]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about letters that only look alike', () => {
    const verdict = judged(tgz({ files: { 'a.js': '', '\u0430.js': '' } }));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about a character that decomposes into a slash', () => {
    const verdict = judged(
      packageWith(entry({ name: 'package/a' }), entry({ name: 'package/a\uff0fb' })),
    );
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
