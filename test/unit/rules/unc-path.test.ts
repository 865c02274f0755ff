import { describe, expect, it } from 'vitest';
import { inspected, packageWith } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'unc-path';

describe('unc-path', () => {
  it.each([
    ['a network path', '\\\\host\\share\\x', { level: 'error', entryIndex: 2 }],
    ['a device path', '\\\\?\\C:\\x', { level: 'error' }],
    ['two slashes', '//host/share/x', { level: 'error', entry: '//host/share/x' }],
  ])('rejects %s', (_, name, expected) => {
    const verdict = inspected(packageWith(entry({ name })));
    expect(verdict.of(RULE)).toMatchObject([expected]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about two letters', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/host/share/x' })));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
