import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { entry, pax } from '../../support/tar.ts';

const RULE = 'tar-magic';

describe('tar-magic', () => {
  it('rejects an unknown magic', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/x.js', magic: Buffer.from('USTAR!') })),
    );
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/x.js', entryIndex: 2, offset: 2048 },
    ]);
  });

  it('rejects ustar with an odd version', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/x.js', version: ' 0' })));
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/x.js', entryIndex: 2, offset: 2048 },
    ]);
  });

  it('rejects it on an extended header', () => {
    const verdict = inspected(
      packageWith(
        pax({ path: 'package/x.js' }, { magic: Buffer.from('USTAR!') }),
        entry({ name: 'package/x.js' }),
      ),
    );
    expectRejected(verdict, RULE, [{ level: 'error', offset: 2048 }]);
  });

  it.each([
    ['POSIX magic', { name: 'package/x.js' }],
    ['GNU magic', { name: 'package/x.js', magic: 'gnu' }],
  ] as const)('is silent about %s', (_, fields) => {
    expectSilent(inspected(packageWith(entry(fields))), RULE);
  });
});
