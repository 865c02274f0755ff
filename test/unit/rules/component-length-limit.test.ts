import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { entry, pax } from '../../support/tar.ts';

const RULE = 'component-length-limit';

describe('component-length-limit', () => {
  it('rejects a name of 256 bytes', () => {
    const verdict = inspected(
      packageWith(
        pax({ path: `package/${'x'.repeat(256)}` }),
        entry({ name: `package/${'x'.repeat(256)}`.slice(0, 99) }),
      ),
    );
    expectRejected(verdict, RULE, [{ level: 'error', entryIndex: 2 }]);
  });

  it('counts bytes, not characters', () => {
    const verdict = inspected(
      packageWith(
        pax({ path: `package/${'\u00e9'.repeat(128)}` }),
        entry({ name: Buffer.from(`package/${'\u00e9'.repeat(128)}`).subarray(0, 98) }),
      ),
    );
    expectRejected(verdict, RULE, [{ level: 'error' }]);
  });

  it('is silent about a name of 255 bytes', () => {
    const verdict = inspected(
      packageWith(
        pax({ path: `package/${'x'.repeat(255)}` }),
        entry({ name: `package/${'x'.repeat(255)}`.slice(0, 99) }),
      ),
    );
    expectSilent(verdict, RULE);
  });
});
