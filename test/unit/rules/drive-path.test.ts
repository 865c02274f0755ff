import { describe, expect, it } from 'vitest';
import { inspected, packageWith } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'drive-path';

describe('drive-path', () => {
  it.each([
    ['a path on a drive', 'C:/planted'],
    ['a path relative to a drive', 'c:planted'],
    ['a drive behind the first folder', 'package/C:/planted'],
  ])('rejects %s', (_, name) => {
    const verdict = inspected(packageWith(entry({ name })));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entry: name }]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about a letter as folder', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/c/x.js' })));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
