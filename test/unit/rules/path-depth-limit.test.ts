import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { entry, pax } from '../../support/tar.ts';

const RULE = 'path-depth-limit';

describe('path-depth-limit', () => {
  it('rejects a path of 101 folders', () => {
    const verdict = inspected(
      packageWith(
        pax({ path: `package/${'d/'.repeat(100)}x` }),
        entry({ name: `package/${'d/'.repeat(100)}x`.slice(0, 99) }),
      ),
    );
    expectRejected(verdict, RULE, [{ level: 'error', entryIndex: 2 }]);
  });

  it('is silent about a path of 20 folders', () => {
    expectSilent(inspected(packageWith(entry({ name: `package/${'d/'.repeat(19)}x` }))), RULE);
  });
});
