import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'windows-reserved-name';

describe('windows-reserved-name', () => {
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
