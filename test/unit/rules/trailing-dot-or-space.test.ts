import { describe, expect, it } from 'vitest';
import { inspected, packageWith } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'trailing-dot-or-space';

describe('trailing-dot-or-space', () => {
  it.each([
    ['a name that ends in a dot', 'package/index.js.'],
    ['a folder that ends in a space', 'package/lib /x.js'],
    ['a folder of three dots', 'package/.../x.js'],
  ])('rejects %s', (_, name) => {
    const verdict = inspected(packageWith(entry({ name })));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', entryIndex: 2, offset: 2048 }]);
    expect(verdict.status).toBe('reject');
  });

  it.each([
    ['a space inside', 'package/a b.js'],
    ['a dot in front', 'package/.config/x'],
    ['a `.` component', 'package/./x.js'],
  ])('is silent about %s', (_, name) => {
    const verdict = inspected(packageWith(entry({ name })));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
