import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'control-character';

describe('control-character', () => {
  it.each([
    ['a terminal escape', 'package/\u001b[2Kx.js'],
    ['a line feed', 'package/a\nb.js'],
    ['DEL', 'package/a\u007f.js'],
    ['a C1 control', 'package/a\u009b31m.js'],
  ])('rejects %s', (_, name) => {
    const verdict = inspected(packageWith(entry({ name })));
    expectRejected(verdict, RULE, [{ level: 'error', entryIndex: 2, offset: 2048 }]);
  });

  it.each([
    ['letters of other scripts', 'package/\u65e5\u672c.js'],
    ['a space', 'package/a b.js'],
  ])('is silent about %s', (_, name) => {
    expectSilent(inspected(packageWith(entry({ name }))), RULE);
  });
});
