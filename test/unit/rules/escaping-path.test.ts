import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

describe('path-traversal', () => {
  const RULE = 'path-traversal';

  it('rejects a path that climbs out', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/../../planted' })));
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/../../planted', entryIndex: 2, offset: 2048 },
    ]);
  });

  it.each([
    ['begins so', '../planted'],
    ['stays inside, since readers differ on it', 'package/a/../x.js'],
  ])('rejects one that %s', (_, name) => {
    const verdict = inspected(packageWith(entry({ name })));
    expectRejected(verdict, RULE, [{ level: 'error', entry: name }]);
  });

  it.each([
    ['dots in names', 'package/a..b'],
    ['a name that starts with three dots', 'package/...a.js'],
  ])('is silent about %s', (_, name) => {
    expectSilent(inspected(packageWith(entry({ name }))), RULE);
  });
});

describe('absolute-path', () => {
  const RULE = 'absolute-path';

  it('rejects an absolute path', () => {
    const verdict = inspected(packageWith(entry({ name: '/nonexistent/planted' })));
    expectRejected(verdict, RULE, [
      { level: 'error', entry: '/nonexistent/planted', entryIndex: 2, offset: 2048 },
    ]);
  });

  it('is silent about a path like one further in', () => {
    expectSilent(inspected(packageWith(entry({ name: 'package/etc/passwd' }))), RULE);
  });
});
