import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Refusals } from '../../../packages/host/src/inspector/refusals.ts';
import { listAtExit, summary } from '../../../packages/npm-wrapper/src/exit.ts';
import { Refusal } from '../../../packages/npm-wrapper/src/refusal.ts';

let refusals: Refusals<Refusal>;
beforeEach(() => {
  refusals = new Refusals();
});

function refuse(
  subject: string,
  reasons: readonly string[],
  remedies: readonly string[] = [],
): void {
  refusals.add(new Refusal({ subject, reasons, remedies, block: 'm' }));
}

const numbered = (count: number, what: string): string[] =>
  Array.from({ length: count }, (_, index) => `${what} ${index + 1}`);

describe('the list at the end of a run', () => {
  test('names one package, why, and what to do', () => {
    refuse('bad@1.0.0', ['symlink: a'], ['do this']);
    expect(summary(refusals.all).split('\n')).toEqual([
      '',
      'tarwarden: refused 1 package; nothing of it was unpacked',
      '  bad@1.0.0',
      '    symlink: a',
      '    what to do: do this',
    ]);
  });

  test('says so where it is the project that is refused', () => {
    refuse('bad@1.0.0', ['symlink: a']);
    const project = { subject: 'node_modules', inProject: true, reasons: ['a link'] } as const;
    refusals.add(new Refusal({ ...project, remedies: [], block: 'm' }));
    expect(summary(refusals.all).split('\n').slice(0, 2)).toEqual([
      '',
      'tarwarden: refused to install in this project',
    ]);
  });

  test('names many', () => {
    refuse('a', []);
    refuse('b', []);
    expect(summary(refusals.all).split('\n')).toEqual([
      '',
      'tarwarden: refused 2 packages; nothing of them was unpacked',
      '  a',
      '  b',
    ]);
  });

  test('shows eight reasons of each, and how many more there are', () => {
    refuse('eight', numbered(8, 'reason'), numbered(9, 'remedy'));
    refuse('ten', numbered(10, 'reason'));
    expect(summary(refusals.all).split('\n')).toEqual([
      '',
      'tarwarden: refused 2 packages; nothing of them was unpacked',
      '  eight',
      ...numbered(8, '    reason'),
      ...numbered(8, '    what to do: remedy'),
      '  ten',
      ...numbered(8, '    reason'),
      '    … and 2 more',
    ]);
  });
});

describe('listAtExit', () => {
  let exitCode: typeof process.exitCode;
  beforeEach(() => {
    exitCode = process.exitCode;
  });
  afterEach(() => {
    process.exitCode = exitCode;
  });

  test('makes success a failure, once for all refusals, and says why', () => {
    const on = vi.spyOn(process, 'on').mockReturnValue(process);
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    listAtExit(refusals);
    expect(on.mock.calls.map(([event]) => event)).toEqual(['exit']);
    refuse('bad@1.0.0', []);
    const listener = on.mock.calls[0]?.[1] as (code: number) => void;
    process.exitCode = 0;
    listener(0);
    expect(process.exitCode).toBe(1);
    expect(write.mock.calls).toEqual([[`${summary(refusals.all)}\n`]]);
    process.exitCode = 7;
    listener(7);
    expect(process.exitCode).toBe(7);
  });
});
