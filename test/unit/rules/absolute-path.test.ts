import { describe, expect, it } from 'vitest';
import { inspected, packageWith } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'absolute-path';

describe('absolute-path', () => {
  it('rejects an absolute path', () => {
    const verdict = inspected(packageWith(entry({ name: '/nonexistent/planted' })));
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', entry: '/nonexistent/planted', entryIndex: 2, offset: 2048 },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about a path like one further in', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/etc/passwd' })));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
