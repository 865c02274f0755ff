import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'case-collision';

describe('case-collision', () => {
  it('rejects files that differ in case', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/INDEX.js' })));
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/INDEX.js', entryIndex: 2, offset: 2048 },
    ]);
  });

  it('rejects folders that differ in case', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/lib/a.js' }), entry({ name: 'package/LIB/b.js' })),
    );
    expectRejected(verdict, RULE, [{ level: 'error', entry: 'package/LIB/b.js' }]);
  });

  it('rejects K and the Kelvin sign', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/k.js' }), entry({ name: 'package/\u212a.js' })),
    );
    expectRejected(verdict, RULE, [{ level: 'error', entryIndex: 3 }]);
  });

  it.each([
    ['the same name in two folders', { 'a/README': '', 'b/readme': '' }],
    ['dotless i, which no file system folds to i with a dot', { '\u0130.js': '', 'i.js': '' }],
  ])('is silent about %s', (_, files) => {
    expectSilent(inspected(tgz({ files })), RULE);
  });
});
