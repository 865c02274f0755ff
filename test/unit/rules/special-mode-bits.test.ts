import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'special-mode-bits';

describe('special-mode-bits', () => {
  it('rejects set-user-id', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/run', mode: 0o4755 })));
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/run', entryIndex: 2, offset: 2048 },
    ]);
  });

  it('rejects set-group-id', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/run', mode: 0o2755 })));
    expectRejected(verdict, RULE, [{ level: 'error', entry: 'package/run' }]);
  });

  it('rejects sticky, also on a folder', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/tmp/', typeflag: '5', mode: 0o1777 })),
    );
    expectRejected(verdict, RULE, [{ level: 'error', entry: 'package/tmp' }]);
  });

  it.each([
    ['modes that anyone may write', 0o777],
    ['a read-only file', 0o444],
  ])('is silent about %s', (_, mode) => {
    expectSilent(inspected(packageWith(entry({ name: 'package/x', mode }))), RULE);
  });
});
