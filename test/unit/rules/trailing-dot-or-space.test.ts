import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'trailing-dot-or-space';

describe('trailing-dot-or-space', () => {
  it.each([
    ['a name that ends in a dot', 'package/index.js.'],
    ['a folder that ends in a space', 'package/lib /x.js'],
    ['a folder of three dots', 'package/.../x.js'],
  ])('rejects %s', (_, name) => {
    const verdict = inspected(packageWith(entry({ name })));
    expectRejected(verdict, RULE, [{ level: 'error', entryIndex: 2, offset: 2048 }]);
  });

  it.each([
    ['a space inside', 'package/a b.js'],
    ['a dot in front', 'package/.config/x'],
    ['a `.` component', 'package/./x.js'],
  ])('is silent about %s', (_, name) => {
    expectSilent(inspected(packageWith(entry({ name }))), RULE);
  });
});
