import { describe, expect, it } from 'vitest';
import { gemData, gemOf } from '../../support/gem.ts';
import { gzip } from '../../support/gzip.ts';
import { expectRejected, expectSilent, inspected } from '../../support/inspected.ts';

const RULE = 'gem-not-tar';

describe('gem-not-tar', () => {
  it('rejects a gem of the oldest format', () => {
    const verdict = inspected(Buffer.from('MD5SUM = "0"\n'), { format: 'gem' });
    expectRejected(verdict, RULE, [{ level: 'error', layer: 'gem', offset: 0 }]);
  });

  it('rejects a tarball', () => {
    expectRejected(inspected(gzip(gemData()), { format: 'gem' }), RULE, [{ level: 'error' }]);
  });

  it('rejects an empty file', () => {
    const verdict = inspected(Buffer.alloc(0), { format: 'gem' });
    expectRejected(verdict, RULE, [
      { level: 'error', message: expect.stringContaining('the file is empty') },
    ]);
  });

  it('is silent about a gem', () => {
    expectSilent(inspected(gemOf(), { format: 'gem' }), RULE);
  });
});
