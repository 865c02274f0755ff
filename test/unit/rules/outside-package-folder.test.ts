import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import { entry } from '../../support/tar.ts';

describe('multiple-top-folders', () => {
  const RULE = 'multiple-top-folders';

  it('rejects a second first folder', () => {
    const verdict = inspected(packageWith(entry({ name: 'other/x.js' })));
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'other/x.js', entryIndex: 2, offset: 2048 },
    ]);
  });

  it('rejects one that differs in case', () => {
    const verdict = inspected(packageWith(entry({ name: 'Package/x.js' })));
    expectRejected(verdict, RULE, [{ level: 'error', entry: 'Package/x.js' }]);
  });

  it('is silent about another first folder for all', () => {
    expectSilent(inspected(tgz({ top: 'types for fixture' })), RULE);
  });

  it('is silent about the folder entry of the first folder', () => {
    expectSilent(inspected(tgz({ before: [entry({ name: 'package/', typeflag: '5' })] })), RULE);
  });
});

describe('no-top-folder', () => {
  const RULE = 'no-top-folder';

  it('rejects a file in no folder', () => {
    const verdict = inspected(packageWith(entry({ name: 'planted.js' })));
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'planted.js', entryIndex: 2, offset: 2048 },
    ]);
  });

  it('rejects a link instead of the first folder', () => {
    const verdict = inspected(
      tgz({ before: [entry({ name: 'package', typeflag: '2', linkname: 'x' })] }),
    );
    expectRejected(verdict, RULE, [{ level: 'error', entry: 'package' }]);
  });

  it('is silent about the folder entry of the first folder', () => {
    expectSilent(inspected(tgz({ before: [entry({ name: 'package', typeflag: '5' })] })), RULE);
  });
});
