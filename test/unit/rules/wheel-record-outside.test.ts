import { describe, expect, it } from 'vitest';
import { expectSilent, inspected, type Inspected } from '../../support/inspected.ts';
import { wheel, wheelFileName } from '../../support/wheel.ts';

describe('wheel-record-escapes', () => {
  const RULE = 'wheel-record-escapes';
  const of = (bytes: Buffer, fileName = wheelFileName()): Inspected =>
    inspected(bytes, { format: 'wheel', expected: { fileName } });

  it('rejects a file of another package', () => {
    const verdict = of(wheel({ record: (lines) => ['../other/module.py,,', ...lines] }));
    expect(verdict.of(RULE)[0]).toMatchObject({ level: 'error' });
    expect(verdict.status).toBe('reject');
  });

  it('is silent about a name with two dots', () => {
    expectSilent(of(wheel({ files: { 'fixture/a..b': 'x' } })), RULE);
  });
});

describe('wheel-record-foreign', () => {
  const RULE = 'wheel-record-foreign';
  const of = (bytes: Buffer, fileName = wheelFileName()): Inspected =>
    inspected(bytes, { format: 'wheel', expected: { fileName } });

  const listing = (...paths: readonly string[]): Buffer =>
    wheel({
      files: { 'compiled.pyc': 'x' },
      record: (lines) => [...paths.map((path) => `${path},,`), ...lines],
    });

  it.each([
    'victim/__init__.py',
    './victim/__init__.py',
    'victim//__init__.py',
    'victim.py',
    'victim-99.0.dist-info/RECORD',
    'other.pyc',
  ])('rejects %s, which the wheel does not hold', (path) => {
    const verdict = of(listing(path));
    expect(verdict.of(RULE)[0]).toMatchObject({ level: 'error' });
    expect(verdict.status).toBe('reject');
  });

  it('rejects each file, once', () => {
    const verdict = of(listing('victim/a.py', 'victim/b.py'));
    expect(verdict.of(RULE)).toHaveLength(2);
  });

  it('is silent about what was taken out of the wheel itself, and about modules that were compiled', () => {
    const verdict = of(
      listing('fixture/gone.py', 'compiled.py', 'fixture-1.0.0.dist-info/RECORD.jws'),
    );
    expectSilent(verdict, RULE);
  });

  it('is silent about every file of an ordinary wheel', () => {
    const verdict = of(wheel({ files: { 'top.py': 'x', 'fixture-1.0.0.data/scripts/run': 'x' } }));
    expect(verdict.of(RULE)).toEqual([]);
  });
});
