import { describe, expect, it } from 'vitest';
import { inspected, packageWith } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'drive-path';

describe('drive-path', () => {
  it('rejects a path on a drive', () => {
    const verdict = inspected(packageWith(entry({ name: 'C:/planted' })));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entry: 'C:/planted' }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a path relative to a drive', () => {
    const verdict = inspected(packageWith(entry({ name: 'c:planted' })));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entry: 'c:planted' }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a drive behind the first folder', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/C:/planted' })));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entry: 'package/C:/planted' }]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about a letter as folder', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/c/x.js' })));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
