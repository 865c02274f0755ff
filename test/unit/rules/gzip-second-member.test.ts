import { describe, expect, it } from 'vitest';
import { gzip } from '../../support/gzip.ts';
import { expectRejected, expectSilent, inspected } from '../../support/inspected.ts';
import { pkg, tgz } from '../../support/pkg.ts';
import { archive, end, entry } from '../../support/tar.ts';

const RULE = 'gzip-second-member';

describe('gzip-second-member', () => {
  it('rejects a second archive in a second member', () => {
    const verdict = inspected(
      gzip(pkg(), { members: [archive(entry({ name: 'package/smuggled.js', body: 'x' }), end())] }),
    );
    expectRejected(verdict, RULE, [{ level: 'error', offset: expect.any(Number) }]);
  });

  it.each([
    ['an empty member first', { emptyMemberFirst: true }],
    ['one archive cut over two members', { splitAt: [700] }],
  ])('rejects %s', (_, options) => {
    expectRejected(inspected(gzip(pkg(), options)), RULE, [{ level: 'error' }]);
  });

  it('is silent about one member', () => {
    expectSilent(inspected(tgz()), RULE);
  });

  it('is silent about a package that holds a gzip file', () => {
    expectSilent(inspected(tgz({ files: { 'data.gz': gzip(Buffer.from('x')) } })), RULE);
  });
});
