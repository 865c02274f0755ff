import { describe, expect, it } from 'vitest';
import { gzip } from '../../support/gzip.ts';
import { inspected } from '../../support/inspected.ts';
import { pkg, tgz } from '../../support/pkg.ts';
import { archive, end, entry } from '../../support/tar.ts';

const RULE = 'gzip-second-member';

describe('gzip-second-member', () => {
  it('rejects a second archive in a second member', () => {
    const verdict = inspected(
      gzip(pkg(), { members: [archive(entry({ name: 'package/smuggled.js', body: 'x' }), end())] }),
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error', offset: expect.any(Number) }]);
    expect(verdict.status).toBe('reject');
  });

  it.each([
    ['an empty member first', { emptyMemberFirst: true }],
    ['one archive cut over two members', { splitAt: [700] }],
  ])('rejects %s', (_, options) => {
    const verdict = inspected(gzip(pkg(), options));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error' }]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about one member', () => {
    const verdict = inspected(tgz());
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about a package that holds a gzip file', () => {
    const verdict = inspected(tgz({ files: { 'data.gz': gzip(Buffer.from('x')) } }));
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
