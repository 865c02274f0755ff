import { describe, expect, it } from 'vitest';
import { inspected, packageWith } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'windows-reserved-name';

describe('windows-reserved-name', () => {
  it('rejects a device name', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/CON' })));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entryIndex: 2, offset: 2048 }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects one with an extension', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/lib/aux.js' })));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entryIndex: 2, offset: 2048 }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects one as folder', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/com1/x.js' })));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entryIndex: 2, offset: 2048 }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a superscript digit', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/COM\u00b9' })));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entryIndex: 2, offset: 2048 }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects one with spaces before the extension', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/nul .txt' })));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entryIndex: 2, offset: 2048 }]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about a longer name', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/console.js' })));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about two digits', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/com10.js' })));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about an extension', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/x.con' })));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
