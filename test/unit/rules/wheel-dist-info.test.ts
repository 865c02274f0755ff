import { describe, expect, it } from 'vitest';
import { expectSilent, inspected, type Inspected } from '../../support/inspected.ts';
import { wheel, wheelFileName } from '../../support/wheel.ts';

const RULE = 'wheel-dist-info';
const of = (bytes: Buffer, fileName = wheelFileName()): Inspected =>
  inspected(bytes, { format: 'wheel', expected: { fileName } });

describe('wheel-dist-info', () => {
  it('rejects a second folder', () => {
    const verdict = of(wheel({ files: { 'other-1.0.dist-info/METADATA': 'x' } }));
    expect(verdict.of(RULE)[0]).toMatchObject({ level: 'error' });
    expect(verdict.status).toBe('reject');
  });

  it('is silent about one deeper in the wheel', () => {
    const verdict = of(wheel({ files: { 'fixture/_vendor/six-1.16.0.dist-info/METADATA': 'x' } }));
    expectSilent(verdict, RULE);
  });
});
