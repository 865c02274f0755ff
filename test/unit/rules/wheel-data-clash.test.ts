import { describe, expect, it } from 'vitest';
import { expectSilent, inspected, type Inspected } from '../../support/inspected.ts';
import { wheel, wheelFileName } from '../../support/wheel.ts';

const RULE = 'wheel-data-clash';
const of = (bytes: Buffer, fileName = wheelFileName()): Inspected =>
  inspected(bytes, { format: 'wheel', expected: { fileName } });

describe('wheel-data-clash', () => {
  it('rejects a module below purelib and at the top', () => {
    const verdict = of(wheel({ files: { 'fixture-1.0.0.data/purelib/fixture/__init__.py': 'x' } }));
    expect(verdict.of(RULE)[0]).toMatchObject({ level: 'error' });
    expect(verdict.status).toBe('reject');
  });

  it.each([
    ['fixture-1.0.0.data/purelib/./fixture/__init__.py'],
    ['fixture-1.0.0.data/platlib/FIXTURE//__init__.py'],
    ['fixture-1.0.0.data/data/lib/python3.12/site-packages/fixture/__init__.py'],
    ['fixture-1.0.0.data/data/Lib/site-packages/fixture/__init__.py'],
    ['fixture-1.0.0.data/scripts/run', 'fixture-1.0.0.data/data/bin/run'],
    ['fixture-1.0.0.data/scripts/run', 'fixture-1.0.0.data/data/Scripts/RUN'],
  ])('rejects %s, which another file is installed to', (...paths) => {
    const verdict = of(wheel({ files: Object.fromEntries(paths.map((path) => [path, 'x'])) }));
    expect(verdict.of(RULE)[0]).toMatchObject({ level: 'error' });
  });

  const commands = (text: string, files: Record<string, string> = {}): Inspected =>
    of(wheel({ files, info: { 'entry_points.txt': text } }));

  it.each(['scripts/run', 'scripts/./run', 'data/bin/run'])(
    'rejects a command and a script with one name at %s',
    (path) => {
      const file = { [`fixture-1.0.0.data/${path}`]: '#!python\n' };
      const verdict = commands('[console_scripts]\nrun = fixture:main\n', file);
      expect(verdict.of(RULE)[0]).toMatchObject({ level: 'error' });
      expect(verdict.status).toBe('reject');
    },
  );

  it.each([
    '[console_scripts]\nrun = fixture:main\nrun = fixture:other\n',
    '[console_scripts]\nrun = fixture:main\nRUN = fixture:other\n',
    '[console_scripts]\nrun = fixture:main\n[gui_scripts]\nrun = fixture:other\n',
  ])('rejects two commands with one name: %j', (text) => {
    expect(commands(text).of(RULE)[0]).toMatchObject({ level: 'error' });
  });

  it('is silent about a command that is there twice and runs the same, and about scripts of other names', () => {
    const text =
      '[console_scripts]\nrun = fixture:main\nrun = fixture:main\n[gui_scripts]\nrun = fixture:main\n';
    expectSilent(commands(text, { 'fixture-1.0.0.data/scripts/run.sh': '#!/bin/sh\n' }), RULE);
  });

  it('is silent about one name in two folders', () => {
    const verdict = of(
      wheel({
        files: { 'fixture-1.0.0.data/scripts/x': 'x', 'fixture-1.0.0.data/data/x': 'x', x: 'x' },
      }),
    );
    expectSilent(verdict, RULE);
  });
});
