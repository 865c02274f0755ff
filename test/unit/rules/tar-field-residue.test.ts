import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { entry, pax } from '../../support/tar.ts';

const RULE = 'tar-field-residue';

describe('tar-field-residue', () => {
  it.each([
    [
      'the NUL of the name',
      packageWith(entry({ name: 'package/x.js\0.hidden' })),
      { level: 'error', entry: 'package/x.js', entryIndex: 2, offset: 2048 },
    ],
    [
      'the NUL of the prefix',
      packageWith(entry({ name: 'x.js', prefix: 'package\0/../..' })),
      { level: 'error', entry: 'package/x.js', entryIndex: 2, offset: 2048 },
    ],
    [
      'an empty prefix, also where a PAX path replaces it',
      packageWith(
        pax({ path: 'package/x.js' }),
        entry({ name: 'package/x.js', raw: { prefix: Buffer.alloc(155).fill(0xf3, 143, 144) } }),
      ),
      { level: 'error', entry: 'package/x.js' },
    ],
    [
      'the NUL of a link target',
      packageWith(entry({ name: 'package/x.js', linkname: '\0\n/etc' })),
      { level: 'error', entry: 'package/x.js', entryIndex: 2, offset: 2048 },
    ],
  ])('rejects bytes after %s', (_, archive, expected) => {
    expectRejected(inspected(archive), RULE, [expected]);
  });

  it('is silent about a name that fills its field', () => {
    expectSilent(inspected(packageWith(entry({ name: `package/${'x'.repeat(92)}` }))), RULE);
  });

  it('is silent about times behind the prefix, where old node-tar kept them', () => {
    const verdict = inspected(
      packageWith(
        entry({
          name: 'x.js',
          raw: {
            prefix: Buffer.concat([
              Buffer.from('package'.padEnd(131, '\0')),
              Buffer.from('12345670123 12345670123 '),
            ]),
          },
        }),
      ),
    );
    expectSilent(verdict, RULE);
  });
});
