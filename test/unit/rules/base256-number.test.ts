import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'base256-number';

describe('base256-number', () => {
  it('rejects a binary size', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/x.js', body: 'x', declaredSize: { base256: 1 } })),
    );
    expectRejected(verdict, RULE, [{ level: 'error', offset: 2048 }]);
  });

  it('rejects a binary mode', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/x.js', mode: { base256: 0o644 } })),
    );
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/x.js', entryIndex: 2, offset: 2048 },
    ]);
  });

  it('is silent about binary owners', () => {
    const verdict = inspected(
      packageWith(
        entry({
          name: 'package/x.js',
          uid: { base256: 2_000_000_001n },
          gid: { base256: 1_900_000_001n },
        }),
      ),
    );
    expectSilent(verdict, RULE);
  });

  it('is silent about octal numbers', () => {
    expectSilent(inspected(tgz()), RULE);
  });
});
