import { describe, expect, it } from 'vitest';
import { gzip } from '../../support/gzip.ts';
import { expectRejected, expectSilent, inspected } from '../../support/inspected.ts';
import { pkg, tgz } from '../../support/pkg.ts';
import { archive, end, entry } from '../../support/tar.ts';

describe('gzip-second-member', () => {
  const RULE = 'gzip-second-member';

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

describe('gzip-trailing-bytes', () => {
  const RULE = 'gzip-trailing-bytes';

  it('rejects text after the end', () => {
    const verdict = inspected(tgz({}, { trailing: Buffer.from('text') }));
    expectRejected(verdict, RULE, [{ level: 'error', offset: expect.any(Number) }]);
  });

  it.each([10_240, 10_241, 1_000_000])(
    'rejects %d zeros, which are more than fill a record',
    (zeros) => {
      const verdict = inspected(tgz({}, { trailing: Buffer.alloc(zeros) }));
      expectRejected(verdict, RULE, [{ level: 'error' }]);
    },
  );

  it.each([
    ['a byte at their end', Buffer.from([1])],
    ['a gzip member', tgz()],
    ['an end record of a zip', Buffer.from('PK\u0005\u0006')],
    ['a byte among them', Buffer.from([7, 0, 0])],
  ])('rejects zeros with %s', (_what, bytes) => {
    const verdict = inspected(tgz({}, { trailing: Buffer.concat([Buffer.alloc(512), bytes]) }));
    expectRejected(verdict, RULE, [{ level: 'error' }]);
  });

  it.each([1, 512, 1150, 9736, 10_239])(
    'is silent about %d zeros, as old tars filled their last record with',
    (zeros) => {
      const verdict = inspected(tgz({}, { trailing: Buffer.alloc(zeros) }));
      expect(verdict.findings).toEqual([]);
      expect(verdict.status).toBe('accept');
    },
  );

  it('rejects one byte after the end', () => {
    const verdict = inspected(tgz({}, { trailing: Buffer.from([0x1f]) }));
    expectRejected(verdict, RULE, [{ level: 'error' }]);
  });

  it.each([
    ['a file that ends with its trailer', tgz()],
    ['zeros at the end of the tar, inside the compression', tgz({ tail: [end(20)] })],
  ])('is silent about %s', (_, archive) => {
    expectSilent(inspected(archive), RULE);
  });
});
