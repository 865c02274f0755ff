import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { entry, gnuLongName, pax } from '../../support/tar.ts';

const RULE = 'nul-in-path';

describe('nul-in-path', () => {
  it('rejects a PAX path with a NUL', () => {
    const verdict = inspected(
      packageWith(pax({ path: 'package/safe.js\0.txt' }), entry({ name: 'package/safe.js' })),
    );
    expectRejected(verdict, RULE, [{ level: 'error', entryIndex: 2, offset: 2048 + 1024 }]);
  });

  it('rejects a GNU long name with a NUL inside', () => {
    const verdict = inspected(
      packageWith(
        gnuLongName(Buffer.from('package/safe.js\0.txt\0')),
        entry({ name: 'package/safe.js', magic: 'gnu' }),
      ),
    );
    expectRejected(verdict, RULE, [{ level: 'error' }]);
  });

  it('is silent about a name that ends with the NULs of its field', () => {
    expectSilent(inspected(packageWith(entry({ name: 'package/safe.js' }))), RULE);
  });
});
