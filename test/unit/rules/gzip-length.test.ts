import { describe, expect, it } from 'vitest';
import { expectRejected, expectSilent, inspected } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';

const RULE = 'gzip-length';

describe('gzip-length', () => {
  it('rejects a length that does not fit', () => {
    const verdict = inspected(tgz({}, { isize: 42 }));
    expectRejected(verdict, RULE, [{ level: 'error', offset: expect.any(Number) }]);
  });

  it('rejects a length of 4 GiB, and allocates nothing for it', () => {
    expectRejected(inspected(tgz({}, { isize: 0xffffffff })), RULE, [{ level: 'error' }]);
  });

  it('is silent about the right length', () => {
    expectSilent(inspected(tgz()), RULE);
  });
});
