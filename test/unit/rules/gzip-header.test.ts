import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';

const RULE = 'gzip-header';

describe('gzip-header', () => {
  it.each([
    ['a reserved flag', { flags: 0x20 }, { level: 'error', offset: 0 }],
    ['a header checksum, right or wrong', { headerCrc: true }, { level: 'error' }],
    ['an extra field', { extra: Buffer.from('ab') }, { level: 'error' }],
    ['another method than deflate', { method: 7 }, { level: 'error' }],
  ])('rejects %s', (_, options, expected) => {
    expectRejected(inspected(tgz({}, options)), RULE, [expected]);
  });

  it.each([
    ['time, system and level in the header', { mtime: 499162500, os: 3, xfl: 4 }],
    ['a file name, which has a rule of its own', { name: 'package.tar' }],
  ])('is silent about %s', (_, options) => {
    expectSilent(inspected(tgz({}, options)), RULE);
  });
});
