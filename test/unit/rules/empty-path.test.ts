import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { entry, pax } from '../../support/tar.ts';

const RULE = 'empty-path';

describe('empty-path', () => {
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
