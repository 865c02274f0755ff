import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'leading-dot-folder';

describe('leading-dot-folder', () => {
  it('rejects `./` before the first folder', () => {
    const verdict = inspected(tgz({ top: './package' }));
    expectRejected(verdict, RULE, [
      { entry: './package/package.json', entryIndex: 0 },
      { entry: './package/index.js', entryIndex: 1 },
    ]);
  });

  it('rejects a folder entry of `.`', () => {
    const verdict = inspected(packageWith(entry({ name: './', typeflag: '5' })));
    expectRejected(verdict, RULE, [{ level: 'error' }]);
  });

  it('is silent about `./` further in, which real packages have', () => {
    expectSilent(inspected(packageWith(entry({ name: 'package/./lib/x.js' }))), RULE);
  });

  it('is silent about a first folder that starts with a dot', () => {
    expectSilent(inspected(tgz({ top: '.package' })), RULE);
  });
});
