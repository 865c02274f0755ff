import { describe, expect, it } from 'vitest';
import { expectSilent, inspected, type Inspected } from '../../support/inspected.ts';
import { wheel, wheelFileName } from '../../support/wheel.ts';

const RULE = 'wheel-record-absent';
const of = (bytes: Buffer, fileName = wheelFileName()): Inspected =>
  inspected(bytes, { format: 'wheel', expected: { fileName } });

describe('wheel-record-absent', () => {
  it('warns about a file that is gone', () => {
    const verdict = of(wheel({ record: (lines) => ['fixture/gone.py,,', ...lines] }));
    expect(verdict.of(RULE)[0]).toMatchObject({ level: 'warning' });
    expect(verdict.status).toBe('accept');
  });

  it('is silent about a quoted path', () => {
    expectSilent(of(wheel({ files: { 'fixture/a "b".txt': 'x' } })), RULE);
  });
});
