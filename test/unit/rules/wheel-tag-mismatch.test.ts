import { describe, expect, it } from 'vitest';
import { expectSilent, inspected, type Inspected } from '../../support/inspected.ts';
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

  it('notes a tag that is too long, without multiplying it out', () => {
    const many = Array.from({ length: 100 }, (_, at) => `b${at}`).join('.');
    const verdict = of(
      wheel({
        info: {
          WHEEL: `Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: ${'a'.repeat(1_000_000)}-${many}-${many}\n`,
        },
      }),
    );
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'note', message: expect.stringContaining('more than 256 characters') },
    ]);
  });

  it('notes many tags in a message of bounded length', () => {
    const some = Array.from({ length: 15 }, (_, at) => `b${at}`).join('.');
    const tags = Array.from({ length: 200 }, (_, at) => `Tag: x${at}-${some}-${some}\n`).join('');
    const verdict = of(
      wheel({ info: { WHEEL: `Wheel-Version: 1.0\nRoot-Is-Purelib: true\n${tags}` } }),
    );
    expect(verdict.of(RULE)).toHaveLength(1);
    expect(verdict.of(RULE)[0]!.message.length).toBeLessThan(1000);
  });

  it('is silent about several tags in one', () => {
    const verdict = of(
      wheel({
        info: { WHEEL: 'Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py2.py3-none-any\n' },
      }),
      'fixture-1.0.0-py2.py3-none-any.whl',
    );
    expectSilent(verdict, RULE);
  });
});
