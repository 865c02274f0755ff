import { describe, expect, it } from 'vitest';
import { inspected, type Inspected } from '../../support/inspected.ts';
import { wheel, wheelFileName } from '../../support/wheel.ts';

const RULE = 'wheel-metadata';
const of = (bytes: Buffer, fileName = wheelFileName()): Inspected =>
  inspected(bytes, { format: 'wheel', expected: { fileName } });

describe('wheel-metadata', () => {
  it('rejects a second name', () => {
    const verdict = of(wheel({ info: { METADATA: 'Name: fixture\nName: x\nVersion: 1.0.0\n' } }));
    expect(verdict.of(RULE)[0]).toMatchObject({ level: 'error' });
    expect(verdict.status).toBe('reject');
  });

  it('is silent about folded lines and a description', () => {
    const verdict = of(
      wheel({ info: { METADATA: 'Name: fixture\nVersion: 1.0.0\nSummary: a\n  b\n\nName: x\n' } }),
    );
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
