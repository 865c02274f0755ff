import { describe, expect, it } from 'vitest';
import { inspected, type Inspected } from '../../support/inspected.ts';
import { wheel, wheelFileName } from '../../support/wheel.ts';

const RULE = 'wheel-tag-mismatch';
const of = (bytes: Buffer, fileName = wheelFileName()): Inspected =>
  inspected(bytes, { format: 'wheel', expected: { fileName } });

describe('wheel-tag-mismatch', () => {
  it('notes another tag', () => {
    const verdict = of(wheel(), 'fixture-1.0.0-cp312-none-any.whl');
    expect(verdict.of(RULE)[0]).toMatchObject({ level: 'note' });
    expect(verdict.status).toBe('accept');
  });

  it('is silent about several tags in one', () => {
    const verdict = of(
      wheel({
        info: { WHEEL: 'Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py2.py3-none-any\n' },
      }),
      'fixture-1.0.0-py2.py3-none-any.whl',
    );
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
