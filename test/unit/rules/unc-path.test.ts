import { describe, expect, it } from 'vitest';
import { inspected, packageWith } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'unc-path';

describe('unc-path', () => {
  it('rejects a network path', () => {
    const verdict = inspected(packageWith(entry({ name: '\\\\host\\share\\x' })));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entryIndex: 2 }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a device path', () => {
    const verdict = inspected(packageWith(entry({ name: '\\\\?\\C:\\x' })));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error' }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects two slashes', () => {
    const verdict = inspected(packageWith(entry({ name: '//host/share/x' })));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entry: '//host/share/x' }]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about two letters', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/host/share/x' })));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
