import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Refusals } from '../../../packages/guard/src/refusal/refusals.ts';
import { listAtExit, summary, NpmRefusal } from '../../../packages/npm-wrapper/src/exit.ts';

let refusals: Refusals<NpmRefusal>;
beforeEach(() => {
  refusals = new Refusals();
});

function refuse(
  subject: string,
  reasons: readonly string[],
  remedies: readonly string[] = [],
): void {
  refusals.add(new NpmRefusal({ subject, reasons, remedies, block: 'm' }));
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

  test('says once what to do, and not again what was said before', () => {
    refuse('a', ['symlink: a'], ['do this', 'and this']);
    refuse('b', ['symlink: b'], ['do this', 'do that']);
    const lines = (...said: string[]) =>
      summary(refusals.all, new Set(said))
        .split('\n')
        .filter((line) => line.startsWith('    '));
    expect(lines()).toEqual([
      '    symlink: a',
      '    what to do: do this',
      '    what to do: and this',
      '    symlink: b',
      '    what to do: do that',
    ]);
    expect(lines('do this', 'and this')).toEqual([
      '    symlink: a',
      '    symlink: b',
      '    what to do: do that',
    ]);
  });

  test('says so where it is the project that is refused', () => {
    refuse('bad@1.0.0', ['symlink: a']);
    const project = { subject: 'node_modules', inProject: true, reasons: ['a link'] } as const;
    refusals.add(new NpmRefusal({ ...project, remedies: [], block: 'm' }));
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

  /** What it listens to, and what it writes in the end. */
  function listening(): Record<'log' | 'exit', (...args: unknown[]) => void> & { end(): string } {
    const on = vi.spyOn(process, 'on').mockReturnValue(process);
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    listAtExit(refusals);
    const [log, exit] = ['log', 'exit'].map(
      (name) => on.mock.calls.find(([event]) => (event as string) === name)?.[1],
    );
    expect(on).toHaveBeenCalledTimes(2);
    const end = (): string => {
      exit!(1);
      return String(write.mock.calls.at(-1)?.[0]);
    };
    return { log: log!, exit: exit!, end };
  }

  test('makes success a failure, for all refusals, and says why', () => {
    const { exit, end } = listening();
    refuse('bad@1.0.0', ['symlink: a']);
    refuse('worse@1.0.0', ['symlink: b']);
    process.exitCode = 0;
    exit(0);
    expect(process.exitCode).toBe(1);
    expect(end()).toBe(`${summary(refusals.all)}\n`);
    process.exitCode = 7;
    exit(7);
    expect(process.exitCode).toBe(7);
  });

  test.each<[string, unknown[], string | undefined, boolean]>([
    ['its own error', ['error', '', 'm'], undefined, true],
    ['its own error, more than errors shown', ['error', '', 'm'], 'silly', true],
    ['its own error, and nothing is shown', ['error', '', 'm'], 'silent', false],
    ['it where few look', ['verbose', 'stack', 'm'], undefined, false],
    ['another error', ['error', '', 'code ETARWARDEN'], undefined, false],
  ])('says what to do unless npm has logged %s', (_title, event, loglevel, said) => {
    vi.stubEnv('npm_config_loglevel', loglevel);
    const { log, end } = listening();
    refuse('bad@1.0.0', ['symlink: a'], ['do this']);
    log(...event);
    expect(end().includes('what to do: do this')).toBe(!said);
  });
});
