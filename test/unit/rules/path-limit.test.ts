import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { entry, pax } from '../../support/tar.ts';

describe('path-length-limit', () => {
  const RULE = 'path-length-limit';

  const LONG = `package/${'d'.repeat(99)}/`.padEnd(1100, `${'d'.repeat(99)}/`);

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

describe('component-length-limit', () => {
  const RULE = 'component-length-limit';

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

describe('path-depth-limit', () => {
  const RULE = 'path-depth-limit';

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
