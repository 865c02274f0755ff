import { describe, expect, it } from 'vitest';
import { expectSilent, inspected, type Inspected } from '../../support/inspected.ts';
import { wheel, wheelFileName } from '../../support/wheel.ts';

const RULE = 'wheel-record-escapes';
const of = (bytes: Buffer, fileName = wheelFileName()): Inspected =>
  inspected(bytes, { format: 'wheel', expected: { fileName } });

describe('wheel-record-escapes', () => {
  it('rejects a file of another package', () => {
    const verdict = of(wheel({ record: (lines) => ['../other/module.py,,', ...lines] }));
    expect(verdict.of(RULE)[0]).toMatchObject({ level: 'error' });
    expect(verdict.status).toBe('reject');
  });

  it('is silent about a name with two dots', () => {
    expectSilent(of(wheel({ files: { 'fixture/a..b': 'x' } })), RULE);
  });
});
