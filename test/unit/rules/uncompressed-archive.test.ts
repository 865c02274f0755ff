import { describe, it } from 'vitest';
import { gzip } from '../../support/gzip.ts';
import { expectRejected, expectSilent, inspected } from '../../support/inspected.ts';
import { pkg } from '../../support/pkg.ts';

const RULE = 'uncompressed-archive';

describe('uncompressed-archive', () => {
  it('rejects a tar without gzip', () => {
    expectRejected(inspected(pkg()), RULE, [{ level: 'error', offset: 0 }]);
  });

  it.each([
    ['the same tar compressed', gzip(pkg())],
    ['stored, so hardly compressed, data', gzip(pkg(), { level: 0 })],
  ])('is silent about %s', (_, archive) => {
    expectSilent(inspected(archive), RULE);
  });
});
