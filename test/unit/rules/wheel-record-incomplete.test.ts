import { describe, expect, it } from 'vitest';
import { expectSilent, inspected, type Inspected } from '../../support/inspected.ts';
import { wheel, wheelFileName } from '../../support/wheel.ts';

const of = (bytes: Buffer, fileName = wheelFileName()): Inspected =>
  inspected(bytes, { format: 'wheel', expected: { fileName } });

describe('wheel-record-absent', () => {
  const RULE = 'wheel-record-absent';

  it('warns about a file that is gone', () => {
    const verdict = of(wheel({ record: (lines) => ['fixture/gone.py,,', ...lines] }));
    expect(verdict.of(RULE)[0]).toMatchObject({ level: 'warning' });
    expect(verdict.status).toBe('accept');
  });

  it('is silent about a quoted path', () => {
    expectSilent(of(wheel({ files: { 'fixture/a "b".txt': 'x' } })), RULE);
  });
});

describe('wheel-record-unlisted', () => {
  const RULE = 'wheel-record-unlisted';

  it('warns about a file that was added', () => {
    const verdict = of(wheel({ entries: [{ name: 'fixture/new.py', unlisted: true }] }));
    expect(verdict.of(RULE)[0]).toMatchObject({ level: 'warning' });
    expect(verdict.status).toBe('accept');
  });

  it('is silent about a signature of RECORD', () => {
    const verdict = of(
      wheel({
        entries: [{ name: 'fixture-1.0.0.dist-info/RECORD.p7s', body: 'x', unlisted: true }],
      }),
    );
    expectSilent(verdict, RULE);
  });
});
