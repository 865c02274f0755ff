import { describe, expect, it } from 'vitest';
import { expectSilent, inspected, type Inspected } from '../../support/inspected.ts';
import { wheel, wheelFileName } from '../../support/wheel.ts';

const of = (bytes: Buffer, fileName = wheelFileName()): Inspected =>
  inspected(bytes, { format: 'wheel', expected: { fileName } });

describe('wheel-dist-info', () => {
  const RULE = 'wheel-dist-info';

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

describe('wheel-format-version', () => {
  const RULE = 'wheel-format-version';

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

describe('wheel-metadata', () => {
  const RULE = 'wheel-metadata';

  it('rejects a second name', () => {
    const verdict = of(wheel({ info: { METADATA: 'Name: fixture\nName: x\nVersion: 1.0.0\n' } }));
    expect(verdict.of(RULE)[0]).toMatchObject({ level: 'error' });
    expect(verdict.status).toBe('reject');
  });

  it.each(['\f', '\u001c', '\u0085', '\u2028'])(
    'rejects a version behind an end of line that only Python sees: %j',
    (separator) => {
      const METADATA = `Name: fixture\nSummary: a${separator}Version: 2.0\nVersion: 1.0.0\n`;
      const verdict = of(wheel({ info: { METADATA } }));
      expect(verdict.of(RULE)[0]).toMatchObject({ level: 'error' });
    },
  );

  it('is silent about a form feed in a field', () => {
    const METADATA = 'Name: fixture\nVersion: 1.0.0\nSummary: a\fb\n';
    expect(of(wheel({ info: { METADATA } })).of(RULE)).toEqual([]);
  });

  it('is silent about folded lines and a description', () => {
    const verdict = of(
      wheel({
        info: { METADATA: 'Name: fixture\nVersion: 1.0.0\nSummary: a\n  b\n\nName: x\n' },
      }),
    );
    expectSilent(verdict, RULE);
  });
});
