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

  it.each([
    ['begins so', '../planted'],
    ['stays inside, since readers differ on it', 'package/a/../x.js'],
  ])('rejects one that %s', (_, name) => {
    const verdict = inspected(packageWith(entry({ name })));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entry: name }]);
    expect(verdict.status).toBe('reject');
  });

  it.each([
    ['dots in names', 'package/a..b'],
    ['a name that starts with three dots', 'package/...a.js'],
  ])('is silent about %s', (_, name) => {
    const verdict = inspected(packageWith(entry({ name })));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
