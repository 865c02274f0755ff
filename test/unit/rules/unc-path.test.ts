import { describe, expect, it } from 'vitest';
import { judged, packageWith } from '../../support/judged.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'unc-path';

describe('unc-path', () => {
  it('rejects a network path', () => {
    const verdict = judged(packageWith(entry({ name: '\\\\host\\share\\x' })));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entryIndex: 2 }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a device path', () => {
    const verdict = judged(packageWith(entry({ name: '\\\\?\\C:\\x' })));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error' }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects two slashes', () => {
    const verdict = judged(packageWith(entry({ name: '//host/share/x' })));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entry: '//host/share/x' }]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about two letters', () => {
    const verdict = judged(packageWith(entry({ name: 'package/host/share/x' })));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
