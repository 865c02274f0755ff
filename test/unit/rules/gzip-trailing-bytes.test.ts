import { describe, expect, it } from 'vitest';
import { expectRejected, expectSilent, inspected } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import { end } from '../../support/tar.ts';

const RULE = 'gzip-trailing-bytes';

describe('gzip-trailing-bytes', () => {
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
