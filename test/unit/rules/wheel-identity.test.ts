import { describe, expect, it } from 'vitest';
import { expectSilent, inspected, type Inspected } from '../../support/inspected.ts';
import { wheel, wheelFileName } from '../../support/wheel.ts';

const of = (bytes: Buffer, fileName = wheelFileName()): Inspected =>
  inspected(bytes, { format: 'wheel', expected: { fileName } });

describe('wheel-file-name', () => {
  const RULE = 'wheel-file-name';

  it('rejects a name without tags', () => {
    const verdict = of(wheel(), 'fixture-1.0.0.whl');
    expect(verdict.of(RULE)[0]).toMatchObject({ level: 'error' });
    expect(verdict.status).toBe('reject');
  });

  it('is silent about a name with a build tag and several tags', () => {
    expectSilent(of(wheel(), 'fixture-1.0.0-1-py2.py3-none-any.whl'), RULE);
  });
});

describe('wheel-identity-mismatch', () => {
  const RULE = 'wheel-identity-mismatch';

  it('rejects another name in METADATA', () => {
    const verdict = of(wheel({ info: { METADATA: 'Name: other\nVersion: 1.0.0\n' } }));
    expect(verdict.of(RULE)[0]).toMatchObject({ level: 'error' });
    expect(verdict.status).toBe('reject');
  });

  it('is silent about other spellings of name and version', () => {
    const verdict = of(
      wheel({
        distInfo: 'FIXTURE-1.dist-info',
        info: { METADATA: 'Name: Fixture\nVersion: 1.0\n' },
      }),
    );
    expectSilent(verdict, RULE);
  });
});
