import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'unc-path';

describe('unc-path', () => {
  it.each([
    ['a network path', '\\\\host\\share\\x', { level: 'error', entryIndex: 2 }],
    ['a device path', '\\\\?\\C:\\x', { level: 'error' }],
    ['two slashes', '//host/share/x', { level: 'error', entry: '//host/share/x' }],
  ])('rejects %s', (_, name, expected) => {
    expectRejected(inspected(packageWith(entry({ name }))), RULE, [expected]);
  });

  it('is silent about two letters', () => {
    expectSilent(inspected(packageWith(entry({ name: 'package/host/share/x' }))), RULE);
  });
});
