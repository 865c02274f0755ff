import { DEFAULT_POLICY, DEFAULT_LIMITS } from '@tarwarden/core';
import { describe, expect, it } from 'vitest';
import { expectRejected, expectSilent, inspected } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';

const RULE = 'manifest-oversized';

describe('manifest-oversized', () => {
  it('rejects a package.json of megabytes', () => {
    const verdict = inspected(tgz({ manifest: { description: 'x'.repeat(3 << 20) } }));
    expectRejected(verdict, RULE, [
      { level: 'error', entry: 'package/package.json', entryIndex: 0 },
    ]);
  });

  it('rejects one above a lower limit', () => {
    const verdict = inspected(tgz(), {
      policy: { ...DEFAULT_POLICY, limits: { ...DEFAULT_LIMITS, manifestBytes: 20 } },
    });
    expectRejected(verdict, RULE, [{ level: 'error' }]);
  });

  it('rejects one with more values than are inspected, however few bytes they take', () => {
    const crowded = (values: number): object => ({ list: Array.from({ length: values }, () => 1) });
    const verdict = inspected(tgz({ manifest: { ...crowded(20_000) } }));
    expectRejected(verdict, RULE, [
      {
        level: 'error',
        entry: 'package/package.json',
        message: expect.stringContaining('more than 20000 values') as string,
      },
    ]);
    expect(inspected(tgz({ manifest: { ...crowded(19_000) } })).status).toBe('accept');
    // As the remedy says.
    const limits = { ...DEFAULT_LIMITS, manifestBytes: 4 << 20 };
    const policy = { ...DEFAULT_POLICY, limits };
    expect(inspected(tgz({ manifest: { ...crowded(20_000) } }), { policy }).status).toBe('accept');
  });

  it('is silent about a large one', () => {
    expectSilent(inspected(tgz({ manifest: { description: 'x'.repeat(200_000) } })), RULE);
  });
});
