import { describe, expect, it } from 'vitest';
import { inspected, packageWith } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'tar-prefix';

describe('tar-prefix', () => {
  it('rejects a prefix under GNU magic', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'x.js', magic: 'gnu', prefix: 'package/lib' })),
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entry: 'x.js', offset: 2048 }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a prefix without magic', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/x.js', magic: 'v7', prefix: 'package' })),
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', offset: 2048 }]);
    expect(verdict.status).toBe('reject');
  });

  it.each([
    ['a POSIX prefix', { name: 'x.js', prefix: 'package/lib' }],
    ['GNU magic without one', { name: 'package/x.js', magic: 'gnu' }],
  ] as const)('is silent about %s', (_, fields) => {
    const verdict = inspected(packageWith(entry(fields)));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
