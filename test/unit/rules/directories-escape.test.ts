import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';

const RULE = 'directories-escape';

describe('directories-escape', () => {
  it.each([
    ['commands from outside the package', { bin: '../../..' }],
    ['manual pages from outside', { man: 'lib/../../x' }],
  ])('rejects %s', (_, directories) => {
    const verdict = inspected(tgz({ manifest: { directories } }));
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/package.json', entryIndex: 0, offset: 0 },
    ]);
  });

  it('is silent about folders in the package', () => {
    const verdict = inspected(
      tgz({ manifest: { directories: { bin: './bin', lib: 'lib', test: 'test/../spec' } } }),
    );
    expectSilent(verdict, RULE);
  });
});
