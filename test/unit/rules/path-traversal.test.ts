import { describe, expect, it } from 'vitest';
import { inspected, packageWith } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'path-traversal';

describe('path-traversal', () => {
  it('rejects a path that climbs out', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/../../planted' })));
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', entry: 'package/../../planted', entryIndex: 2, offset: 2048 },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects one that begins so', () => {
    const verdict = inspected(packageWith(entry({ name: '../planted' })));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entry: '../planted' }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects one that stays inside, since readers differ on it', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/a/../x.js' })));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entry: 'package/a/../x.js' }]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about dots in names', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/a..b' })));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about a name that starts with three dots', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/...a.js' })));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
