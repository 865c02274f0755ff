import { describe, expect, it } from 'vitest';
import { expectSilent, inspected, type Inspected } from '../../support/inspected.ts';
import { wheel, wheelFileName } from '../../support/wheel.ts';

const RULE = 'wheel-data-scheme';
const of = (bytes: Buffer, fileName = wheelFileName()): Inspected =>
  inspected(bytes, { format: 'wheel', expected: { fileName } });

describe('wheel-data-scheme', () => {
  it('rejects a folder of another wheel', () => {
    const verdict = of(wheel({ files: { 'other-1.0.data/scripts/x': 'x' } }));
    expect(verdict.of(RULE)[0]).toMatchObject({ level: 'error' });
    expect(verdict.status).toBe('reject');
  });

  it.each([
    'fixture-1.0.0.data/./scripts/x',
    'fixture-1.0.0.data/purelib/./x',
    'fixture-1.0.0.data/purelib//x',
  ])('rejects %s, which installers put in different places', (path) => {
    const verdict = of(wheel({ files: { [path]: 'x' } }));
    expect(verdict.of(RULE)[0]).toMatchObject({ level: 'error' });
  });

  it('is silent about each known scheme of its own', () => {
    const verdict = of(
      wheel({
        files: Object.fromEntries(
          ['purelib', 'platlib', 'headers', 'scripts', 'data'].map((scheme) => [
            `fixture-1.0.0.data/${scheme}/${scheme}/x`,
            'x',
          ]),
        ),
      }),
    );
    expectSilent(verdict, RULE);
  });
});
