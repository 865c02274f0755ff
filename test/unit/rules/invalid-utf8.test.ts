import { describe, expect, it } from 'vitest';
import { inspected, packageWith } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'invalid-utf8';

describe('invalid-utf8', () => {
  it('rejects bytes that are no UTF-8', () => {
    const verdict = inspected(
      packageWith(entry({ name: Buffer.from('package/\xff.js', 'latin1') })),
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entryIndex: 2, offset: 2048 }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects an overlong dot', () => {
    const verdict = inspected(
      packageWith(entry({ name: Buffer.from('package/\xc0\xae', 'latin1') })),
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entryIndex: 2, offset: 2048 }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a lone surrogate', () => {
    const verdict = inspected(
      packageWith(entry({ name: Buffer.from('package/\xed\xa0\x80.js', 'latin1') })),
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entryIndex: 2, offset: 2048 }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects Latin-1', () => {
    const verdict = inspected(
      packageWith(entry({ name: Buffer.from('package/\xfcber.js', 'latin1') })),
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entryIndex: 2, offset: 2048 }]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about UTF-8 of four bytes', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/\u{1f4e6}.md' })));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
