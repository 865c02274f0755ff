import { describe, expect, it } from 'vitest';
import { judged, packageWith } from '../../support/judged.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'invisible-character';

describe('invisible-character', () => {
  it('rejects a direction override', () => {
    const verdict = judged(packageWith(entry({ name: 'package/\u202esj.nigol' })));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entryIndex: 2, offset: 2048 }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a zero-width space', () => {
    const verdict = judged(packageWith(entry({ name: 'package/index\u200b.js' })));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entryIndex: 2, offset: 2048 }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a byte order mark', () => {
    const verdict = judged(packageWith(entry({ name: 'package/\ufeffindex.js' })));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entryIndex: 2, offset: 2048 }]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about a joiner inside of an emoji', () => {
    const verdict = judged(packageWith(entry({ name: 'package/\u{1f469}\u200d\u{1f4bb}.md' })));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about accents', () => {
    const verdict = judged(packageWith(entry({ name: 'package/\u00fcber.md' })));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
