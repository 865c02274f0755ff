import { describe, expect, it } from 'vitest';
import { inspected, packageWith } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'special-mode-bits';

describe('special-mode-bits', () => {
  it('rejects set-user-id', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/run', mode: 0o4755 })));
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', entry: 'package/run', entryIndex: 2, offset: 2048 },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects set-group-id', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/run', mode: 0o2755 })));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entry: 'package/run' }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects sticky, also on a folder', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/tmp/', typeflag: '5', mode: 0o1777 })),
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entry: 'package/tmp' }]);
    expect(verdict.status).toBe('reject');
  });

  it.each([
    ['modes that anyone may write', 0o777],
    ['a read-only file', 0o444],
  ])('is silent about %s', (_, mode) => {
    const verdict = inspected(packageWith(entry({ name: 'package/x', mode })));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
