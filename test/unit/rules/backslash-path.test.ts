import { describe, expect, it } from 'vitest';
import { inspected, packageWith } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'backslash-path';

describe('backslash-path', () => {
  it('rejects a path that climbs with backslashes', () => {
    const verdict = inspected(packageWith(entry({ name: 'package\\..\\..\\planted' })));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entryIndex: 2, offset: 2048 }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a backslash in a name', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/a\\b.js' })));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error' }]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about slashes', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/a/b.js' })));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
