import { describe, expect, it } from 'vitest';
import { inspected, type Inspected } from '../../support/inspected.ts';
import { wheel, wheelFileName } from '../../support/wheel.ts';

const RULE = 'wheel-record-mismatch';
const of = (bytes: Buffer, fileName = wheelFileName()): Inspected =>
  inspected(bytes, { format: 'wheel', expected: { fileName } });

describe('wheel-record-mismatch', () => {
  it('rejects another size', () => {
    const verdict = of(
      wheel({ record: (lines) => lines.map((line) => line.replace(/,6$/, ',7')) }),
    );
    expect(verdict.of(RULE)[0]).toMatchObject({ level: 'error' });
    expect(verdict.status).toBe('reject');
  });

  it('is silent about a hash of SHA-512, which is not computed', () => {
    const verdict = of(
      wheel({ record: (lines) => lines.map((line) => line.replace(/sha256=.*,6$/, 'sha512=x,6')) }),
    );
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
