import { describe, expect, it } from 'vitest';
import { inspected, type Inspected } from '../../support/inspected.ts';
import { wheel, wheelFileName } from '../../support/wheel.ts';

const RULE = 'wheel-entry-point';
const of = (bytes: Buffer, fileName = wheelFileName()): Inspected =>
  inspected(bytes, { format: 'wheel', expected: { fileName } });

describe('wheel-entry-point', () => {
  it('rejects a name that leads elsewhere', () => {
    const verdict = of(
      wheel({ info: { 'entry_points.txt': '[console_scripts]\n../x = fixture:main\n' } }),
    );
    expect(verdict.of(RULE)[0]).toMatchObject({ level: 'error' });
    expect(verdict.status).toBe('reject');
  });

  it('rejects a name with white space, of which pip takes a part', () => {
    const verdict = of(
      wheel({ info: { 'entry_points.txt': '[console_scripts]\na b = fixture:main\n' } }),
    );
    expect(verdict.of(RULE)[0]).toMatchObject({ level: 'error' });
  });

  it('is silent about other groups, extras and versions in names', () => {
    const verdict = of(
      wheel({
        info: {
          'entry_points.txt':
            '[console_scripts]\nx3.11 = fixture.cli:App.main [extra]\n\n[other]\na/b = fixture\n',
        },
      }),
    );
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
