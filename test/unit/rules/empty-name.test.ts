import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { entry, pax } from '../../support/tar.ts';

describe('empty-path', () => {
  const RULE = 'empty-path';

  it.each([
    [
      'an entry without a name',
      packageWith(entry({ name: '', body: 'x' })),
      { level: 'error', entry: '', entryIndex: 2, offset: 2048 },
    ],
    [
      'a name that begins with NUL',
      packageWith(entry({ name: '\0ackage/x.js' })),
      { level: 'error', entryIndex: 2 },
    ],
    [
      'an empty name although a PAX path follows it, where pnpm stops',
      packageWith(pax({ path: `package/${'d/'.repeat(50)}x.js` }), entry({ name: '' })),
      { level: 'error', entryIndex: 2 },
    ],
    [
      'an empty name behind a prefix',
      packageWith(entry({ name: '', prefix: 'package/lib', typeflag: '5' })),
      { level: 'error', entry: 'package/lib' },
    ],
    [
      'an extended header without a name',
      packageWith(pax({ path: 'package/x.js' }, { name: '' }), entry({ name: 'package/x.js' })),
      { level: 'error', offset: 2048 },
    ],
  ])('rejects %s', (_, archive, expected) => {
    expectRejected(inspected(archive), RULE, [expected]);
  });

  it('is silent about an empty file', () => {
    expectSilent(inspected(packageWith(entry({ name: 'package/empty' }))), RULE);
  });
});

describe('empty-component', () => {
  const RULE = 'empty-component';

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
