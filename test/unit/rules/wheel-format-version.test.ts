import { describe, expect, it } from 'vitest';
import { expectSilent, inspected, type Inspected } from '../../support/inspected.ts';
import { wheel, wheelFileName } from '../../support/wheel.ts';

const RULE = 'wheel-format-version';
const of = (bytes: Buffer, fileName = wheelFileName()): Inspected =>
  inspected(bytes, { format: 'wheel', expected: { fileName } });

describe('wheel-format-version', () => {
  it('rejects a version of the future', () => {
    const verdict = of(wheel({ info: { WHEEL: 'Wheel-Version: 2.0\nRoot-Is-Purelib: true\n' } }));
    expect(verdict.of(RULE)[0]).toMatchObject({ level: 'error' });
    expect(verdict.status).toBe('reject');
  });

  it('rejects a form feed, at which some readers end a line', () => {
    const WHEEL =
      'Wheel-Version: 1.0\nGenerator: x\fRoot-Is-Purelib: false\nRoot-Is-Purelib: true\n';
    const verdict = of(wheel({ info: { WHEEL } }));
    expect(verdict.of(RULE)[0]).toMatchObject({ level: 'error' });
  });

  it('is silent about a later minor version', () => {
    const verdict = of(
      wheel({
        info: { WHEEL: 'Wheel-Version: 1.9\nRoot-Is-Purelib: false\nTag: py3-none-any\n' },
      }),
    );
    expectSilent(verdict, RULE);
  });
});
