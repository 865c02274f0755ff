import { describe, expect, it } from 'vitest';
import { expectSilent, inspected, type Inspected } from '../../support/inspected.ts';
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

  it.each([
    ['white space in the brackets', '[ console_scripts ]\nx = fixture:main\n'],
    ['a tab in the brackets', '[console_scripts\t]\nx = fixture:main\n'],
    ['two brackets', '[[console_scripts]]\nx = fixture:main\n'],
    ['a bracket too much', '[console_scripts]]\nx = fixture:main\n'],
    ['a form feed', '# c\f[console_scripts]\fx = fixture:main\n'],
    ['a unit separator', '[other]\nx = y\n\u001f[console_scripts]\nx = fixture:main\n'],
    ['a file separator', '[other]\nx = y\u001c[console_scripts]\u001cx = fixture:main\n'],
    ['a next line', '[other]\nx = y\u0085[gui_scripts]\u0085x = fixture:main\n'],
    ['a line separator', '[console_scripts]\n# c\u2028x = fixture:main\n'],
    ['a byte order mark', '\ufeff[console_scripts]\nx = fixture:main\n'],
    ['a semicolon, which begins no comment', '[console_scripts]\n;/../x = fixture:main\n'],
  ])('rejects what Python reads otherwise: %s', (_what, text) => {
    const verdict = of(wheel({ info: { 'entry_points.txt': text } }));
    expect(verdict.of(RULE)[0]).toMatchObject({ level: 'error' });
  });

  it('is silent about other groups, extras and versions in names', () => {
    const verdict = of(
      wheel({
        info: {
          'entry_points.txt':
            '# of a tool; with comments\n\n  [console_scripts]\r\n\tx3.11 = fixture.cli:App.main [extra]\n\n[ other ]\na/b = fixture\n',
        },
      }),
    );
    expectSilent(verdict, RULE);
  });
});
