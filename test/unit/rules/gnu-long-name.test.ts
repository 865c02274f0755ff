import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { entry, gnuLongLink, gnuLongName, pax } from '../../support/tar.ts';

const RULE = 'gnu-long-name';

describe('gnu-long-name', () => {
  it('rejects a GNU long name', () => {
    const verdict = inspected(
      packageWith(gnuLongName('package/x.js'), entry({ name: 'package/x.js', magic: 'gnu' })),
    );
    expectRejected(verdict, RULE, [{ level: 'error', offset: 2048 }]);
  });

  it('rejects a GNU long link target', () => {
    const verdict = inspected(
      packageWith(
        gnuLongLink('index.js'),
        entry({ name: 'package/link', typeflag: '2', linkname: 'index.js', magic: 'gnu' }),
      ),
    );
    expectRejected(verdict, RULE, [{ level: 'error', offset: 2048 }]);
  });

  it('is silent about GNU magic without one', () => {
    expectSilent(inspected(packageWith(entry({ name: 'package/x.js', magic: 'gnu' }))), RULE);
  });

  it('is silent about a long path in a PAX header', () => {
    const verdict = inspected(
      packageWith(
        pax({ path: `package/${'d/'.repeat(50)}x.js` }),
        entry({ name: `package/${'d/'.repeat(50)}x.js`.slice(0, 100) }),
      ),
    );
    expectSilent(verdict, RULE);
  });
});
