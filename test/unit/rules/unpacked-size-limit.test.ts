import { DEFAULT_POLICY, DEFAULT_LIMITS } from '@tarwarden/core';
import { describe, it } from 'vitest';
import { expectRejected, expectSilent, inspected } from '../../support/inspected.ts';
import { pkg, tgz } from '../../support/pkg.ts';

const RULE = 'unpacked-size-limit';

describe('unpacked-size-limit', () => {
  it('rejects what unpacks to more than the limit, and reads no further', () => {
    const verdict = inspected(tgz({ files: { 'a.txt': 'x'.repeat(5000) } }), {
      policy: { ...DEFAULT_POLICY, limits: { ...DEFAULT_LIMITS, unpackedBytes: 4096 } },
    });
    expectRejected(verdict, RULE, [{ level: 'error' }]);
  });

  it('is silent about exactly the limit', () => {
    const verdict = inspected(tgz(), {
      policy: { ...DEFAULT_POLICY, limits: { ...DEFAULT_LIMITS, unpackedBytes: pkg().length } },
    });
    expectSilent(verdict, RULE);
  });

  it('is silent about a megabyte of text', () => {
    expectSilent(inspected(tgz({ files: { 'a.txt': 'x'.repeat(1 << 20) } })), RULE);
  });
});
