import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'empty-component';

describe('empty-component', () => {
  it('rejects two slashes, absolute once the first folder is gone', () => {
    const verdict = inspected(packageWith(entry({ name: 'package//nonexistent/x' })));
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package//nonexistent/x', entryIndex: 2, offset: 2048 },
    ]);
  });

  it.each([
    ['a file whose name ends in a slash', { name: 'package/lib/', body: 'x' }, 'package/lib/'],
    ['a file whose name ends in `/.`', { name: 'package/lib/.', body: 'x' }, 'package/lib/.'],
    ['a prefix that ends in a slash', { name: 'x.js', prefix: 'package/' }, 'package//x.js'],
  ])('rejects %s', (_, fields, entryName) => {
    const verdict = inspected(packageWith(entry(fields)));
    expectRejected(verdict, RULE, [{ level: 'error', entry: entryName }]);
  });

  it.each([
    ['a folder whose name ends in a slash', { name: 'package/lib/', typeflag: '5' }],
    ['a `.` component', { name: 'package/./x.js' }],
  ])('is silent about %s', (_, fields) => {
    expectSilent(inspected(packageWith(entry(fields))), RULE);
  });
});
