import { describe, expect, it } from 'vitest';
import { expectSilent, inspected, type Inspected } from '../../support/inspected.ts';
import { wheel, wheelFileName } from '../../support/wheel.ts';

const RULE = 'wheel-record';
const of = (bytes: Buffer, fileName = wheelFileName()): Inspected =>
  inspected(bytes, { format: 'wheel', expected: { fileName } });

describe('wheel-record', () => {
  it('rejects a file that is listed twice', () => {
    const verdict = of(wheel({ record: (lines) => [lines[0]!, ...lines] }));
    expect(verdict.of(RULE)[0]).toMatchObject({ level: 'error' });
    expect(verdict.status).toBe('reject');
  });

  it.each([
    ['a form feed', 'x\f/nonexistent/victim,,'],
    ['a next line', 'x\u0085/nonexistent/victim,,'],
    ['a line separator', 'x\u2028/nonexistent/victim,,'],
    ['an end of line in quotes', '"..\n/..\n/victim",,'],
    ['a carriage return in quotes', '"..\r/victim",,'],
  ])('rejects what Python reads otherwise: %s', (_what, line) => {
    const verdict = of(wheel({ record: (lines) => [...lines, line] }));
    expect(verdict.of(RULE)[0]).toMatchObject({ level: 'error' });
  });

  it('is silent about quoted paths and lines that end in CR LF', () => {
    const verdict = of(
      wheel({ files: { 'a,b.txt': 'x' }, record: (lines) => lines.map((line) => `${line}\r`) }),
    );
    expectSilent(verdict, RULE);
  });
});
