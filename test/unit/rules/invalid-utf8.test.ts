import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'invalid-utf8';

describe('invalid-utf8', () => {
  it.each([
    ['bytes that are no UTF-8', 'package/\xff.js'],
    ['an overlong dot', 'package/\xc0\xae'],
    ['a lone surrogate', 'package/\xed\xa0\x80.js'],
    ['Latin-1', 'package/\xfcber.js'],
  ])('rejects %s', (_, name) => {
    const verdict = inspected(packageWith(entry({ name: Buffer.from(name, 'latin1') })));
    expectRejected(verdict, RULE, [{ level: 'error', entryIndex: 2, offset: 2048 }]);
  });

  it('is silent about UTF-8 of four bytes', () => {
    expectSilent(inspected(packageWith(entry({ name: 'package/\u{1f4e6}.md' }))), RULE);
  });
});
