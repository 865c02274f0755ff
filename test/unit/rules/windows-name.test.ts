import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

describe('windows-reserved-name', () => {
  const RULE = 'windows-reserved-name';

  it.each([
    ['a device name', 'package/CON'],
    ['one with an extension', 'package/lib/aux.js'],
    ['one as folder', 'package/com1/x.js'],
    ['a superscript digit', 'package/COM\u00b9'],
    ['one with spaces before the extension', 'package/nul .txt'],
  ])('rejects %s', (_, name) => {
    const verdict = inspected(packageWith(entry({ name })));
    expectRejected(verdict, RULE, [{ level: 'error', entryIndex: 2, offset: 2048 }]);
  });

  it.each([
    ['a longer name', 'package/console.js'],
    ['two digits', 'package/com10.js'],
    ['an extension', 'package/x.con'],
  ])('is silent about %s', (_, name) => {
    expectSilent(inspected(packageWith(entry({ name }))), RULE);
  });
});

describe('trailing-dot-or-space', () => {
  const RULE = 'trailing-dot-or-space';

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
