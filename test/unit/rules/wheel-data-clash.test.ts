import { describe, expect, it } from 'vitest';
import { inspected, type Inspected } from '../../support/inspected.ts';
import { wheel, wheelFileName } from '../../support/wheel.ts';

const RULE = 'wheel-data-clash';
const of = (bytes: Buffer, fileName = wheelFileName()): Inspected =>
  inspected(bytes, { format: 'wheel', expected: { fileName } });

describe('wheel-data-clash', () => {
  it('rejects a module below purelib and at the top', () => {
    const verdict = of(wheel({ files: { 'fixture-1.0.0.data/purelib/fixture/__init__.py': 'x' } }));
    expect(verdict.of(RULE)[0]).toMatchObject({ level: 'error' });
    expect(verdict.status).toBe('reject');
  });

  it('is silent about one name in two folders', () => {
    const verdict = of(
      wheel({
        files: { 'fixture-1.0.0.data/scripts/x': 'x', 'fixture-1.0.0.data/data/x': 'x', x: 'x' },
      }),
    );
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
