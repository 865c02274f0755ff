import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'backslash-path';

describe('backslash-path', () => {
  it('rejects a path that climbs with backslashes', () => {
    const verdict = inspected(packageWith(entry({ name: 'package\\..\\..\\planted' })));
    expectRejected(verdict, RULE, [{ level: 'error', entryIndex: 2, offset: 2048 }]);
  });

  it('rejects a backslash in a name', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/a\\b.js' })));
    expectRejected(verdict, RULE, [{ level: 'error' }]);
  });

  it('is silent about slashes', () => {
    expectSilent(inspected(packageWith(entry({ name: 'package/a/b.js' }))), RULE);
  });
});
