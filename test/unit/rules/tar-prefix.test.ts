import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'tar-prefix';

describe('tar-prefix', () => {
  it('rejects a prefix under GNU magic', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'x.js', magic: 'gnu', prefix: 'package/lib' })),
    );
    expectRejected(verdict, RULE, [{ level: 'error', entry: 'x.js', offset: 2048 }]);
  });

  it('rejects a prefix without magic', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/x.js', magic: 'v7', prefix: 'package' })),
    );
    expectRejected(verdict, RULE, [{ level: 'error', offset: 2048 }]);
  });

  it.each([
    ['a POSIX prefix', { name: 'x.js', prefix: 'package/lib' }],
    ['GNU magic without one', { name: 'package/x.js', magic: 'gnu' }],
  ] as const)('is silent about %s', (_, fields) => {
    expectSilent(inspected(packageWith(entry(fields))), RULE);
  });
});
