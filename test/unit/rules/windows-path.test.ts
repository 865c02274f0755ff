import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

describe('unc-path', () => {
  const RULE = 'unc-path';

  it.each([
    ['a network path', '\\\\host\\share\\x', { level: 'error', entryIndex: 2 }],
    ['a device path', '\\\\?\\C:\\x', { level: 'error' }],
    ['two slashes', '//host/share/x', { level: 'error', entry: '//host/share/x' }],
  ])('rejects %s', (_, name, expected) => {
    expectRejected(inspected(packageWith(entry({ name }))), RULE, [expected]);
  });

  it('is silent about two letters', () => {
    expectSilent(inspected(packageWith(entry({ name: 'package/host/share/x' }))), RULE);
  });
});

describe('drive-path', () => {
  const RULE = 'drive-path';

  it.each([
    ['a path on a drive', 'C:/planted'],
    ['a path relative to a drive', 'c:planted'],
    ['a drive behind the first folder', 'package/C:/planted'],
  ])('rejects %s', (_, name) => {
    const verdict = inspected(packageWith(entry({ name })));
    expectRejected(verdict, RULE, [{ level: 'error', entry: name }]);
  });

  it('is silent about a letter as folder', () => {
    expectSilent(inspected(packageWith(entry({ name: 'package/c/x.js' }))), RULE);
  });
});

describe('backslash-path', () => {
  const RULE = 'backslash-path';

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

describe('alternate-data-stream', () => {
  const RULE = 'alternate-data-stream';

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
