import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { entry, pax } from '../../support/tar.ts';

const RULE = 'path-length-limit';

const LONG = `package/${'d'.repeat(99)}/`.padEnd(1100, `${'d'.repeat(99)}/`);

describe('path-length-limit', () => {
  it('rejects a path above the limit', () => {
    const verdict = inspected(packageWith(pax({ path: LONG }), entry({ name: LONG.slice(0, 99) })));
    expectRejected(verdict, RULE, [{ level: 'error', entryIndex: 2 }]);
  });

  it('is silent about a path of 255 bytes', () => {
    const verdict = inspected(
      packageWith(pax({ path: LONG.slice(0, 255) }), entry({ name: LONG.slice(0, 99) })),
    );
    expectSilent(verdict, RULE);
  });
});
