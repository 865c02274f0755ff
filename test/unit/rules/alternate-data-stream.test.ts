import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'alternate-data-stream';

describe('alternate-data-stream', () => {
  it('rejects a stream of a file', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/index.js:evil' })));
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/index.js:evil', entryIndex: 2, offset: 2048 },
    ]);
  });

  it('rejects a folder by its index stream', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/dir::$INDEX_ALLOCATION/x' })));
    expectRejected(verdict, RULE, [{ level: 'error' }]);
  });

  it('is silent about names with other marks', () => {
    expectSilent(inspected(packageWith(entry({ name: 'package/a;b=c.js' }))), RULE);
  });
});
