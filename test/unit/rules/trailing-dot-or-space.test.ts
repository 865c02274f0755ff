import { describe, expect, it } from 'vitest';
import { inspected, packageWith } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'trailing-dot-or-space';

describe('trailing-dot-or-space', () => {
  it('rejects a name that ends in a dot', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/index.js.' })));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entryIndex: 2, offset: 2048 }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a folder that ends in a space', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/lib /x.js' })));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entryIndex: 2, offset: 2048 }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects a folder of three dots', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/.../x.js' })));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entryIndex: 2, offset: 2048 }]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about a space inside', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/a b.js' })));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about a dot in front', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/.config/x' })));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about a `.` component', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/./x.js' })));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
