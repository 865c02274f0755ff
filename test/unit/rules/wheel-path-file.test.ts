import { describe, expect, it } from 'vitest';
import { expectSilent, inspected, type Inspected } from '../../support/inspected.ts';
import { wheel, wheelFileName } from '../../support/wheel.ts';

const RULE = 'wheel-path-file';
const of = (bytes: Buffer, fileName = wheelFileName()): Inspected =>
  inspected(bytes, { format: 'wheel', expected: { fileName } });

describe('wheel-path-file', () => {
  it('notes a file of paths, and takes the wheel', () => {
    const verdict = of(wheel({ files: { 'fixture.pth': 'import os\n' } }));
    expect(verdict.of(RULE)).toHaveLength(1);
    expect(verdict.status).toBe('accept');
  });

  it.each([
    'fixture.pth',
    'fixture-1.0.0.data/purelib/fixture.pth',
    'fixture-1.0.0.data/data/lib/python3.12/site-packages/fixture.pth',
    'sitecustomize.py',
    'usercustomize.cpython-312-x86_64-linux-gnu.so',
    'sitecustomize/__init__.py',
  ])('notes %s', (path) => {
    const verdict = of(wheel({ files: { [path]: 'import os\n' } }));
    expect(verdict.of(RULE)[0]).toMatchObject({ level: 'note' });
    expect(verdict.status).toBe('accept');
  });

  it.each(['./fixture.pth', 'fixture-1.0.0.data/purelib/./fixture.pth'])('finds %s', (path) => {
    expect(of(wheel({ files: { [path]: 'import os\n' } })).of(RULE)).toHaveLength(1);
  });

  it('is silent about one in a folder', () => {
    const verdict = of(
      wheel({ files: { 'fixture/x.pth': 'import os\n', 'fixture/sitecustomize.py': 'x = 1\n' } }),
    );
    expectSilent(verdict, RULE);
  });
});
