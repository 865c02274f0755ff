import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'drive-path';

describe('drive-path', () => {
  it.each([
    ['a path on a drive', 'C:/planted'],
    ['a path relative to a drive', 'c:planted'],
    ['a drive behind the first folder', 'package/C:/planted'],
  ])('rejects %s', (_, name) => {
    const verdict = inspected(packageWith(entry({ name })));
    expectRejected(verdict, RULE, [{ level: 'error', entry: name }]);
  });

  it('is silent about a letter as folder', () => {
    expectSilent(inspected(packageWith(entry({ name: 'package/c/x.js' }))), RULE);
  });
});
