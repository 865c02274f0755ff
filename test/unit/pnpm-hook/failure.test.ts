/** What is refused stays refused: pnpm forgives the failure of an optional dependency. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { HookError } from '../../../packages/pnpm-hook/src/messages.ts';

const fakes = vi.hoisted(() => ({ inWorker: false, reportBlocked: vi.fn() }));
vi.mock('../../../packages/pnpm-hook/src/engine.ts', () => ({
  get inWorker() {
    return fakes.inWorker;
  },
}));
vi.mock('../../../packages/pnpm-hook/src/status.ts', () => ({
  reportBlocked: fakes.reportBlocked,
}));

let failure: typeof import('../../../packages/pnpm-hook/src/failure.ts');
let once: ReturnType<typeof vi.spyOn>;
let code: typeof process.exitCode;
beforeEach(async () => {
  vi.resetModules();
  fakes.inWorker = false;
  fakes.reportBlocked.mockReset();
  code = process.exitCode;
  once = vi.spyOn(process, 'once').mockReturnValue(process);
  failure = await import('../../../packages/pnpm-hook/src/failure.ts');
});
afterEach(() => {
  once.mockRestore();
  process.exitCode = code;
});

const [first, second] = ['first', 'second'].map((text) => new HookError('NOT_INSPECTED', text));

describe('what was refused', () => {
  test('is nothing at first', () => {
    expect(() => failure.rethrow()).not.toThrow();
    expect(once).not.toHaveBeenCalled();
  });

  test('is thrown again by every later hook: the first of it', () => {
    expect(failure.fail(first!)).toBe(first);
    expect(failure.fail(second!)).toBe(second);
    for (let hook = 0; hook < 2; hook++) expect(() => failure.rethrow()).toThrow(first);
  });

  test('is told once each', () => {
    for (const error of [first!, first!, second!]) failure.fail(error);
    expect(fakes.reportBlocked.mock.calls).toEqual([[first!.message], [second!.message]]);
  });
});

describe('the exit code', () => {
  /** What the process ends with that would have ended with `before`. */
  const ends = (before: number | undefined): typeof process.exitCode => {
    failure.fail(first!);
    failure.fail(second!);
    const [[event, leave]] = once.mock.calls as [[string, () => void]];
    expect(once).toHaveBeenCalledTimes(1);
    expect(event).toBe('exit');
    process.exitCode = before;
    leave();
    return process.exitCode;
  };

  test.each([undefined, 0])('is not %s where pnpm forgave it', (before) => {
    expect(ends(before)).toBe(1);
  });

  test("is pnpm's own where it is one of failure", () => {
    expect(ends(7)).toBe(7);
  });

  test("is not the worker's to say", () => {
    fakes.inWorker = true;
    failure.fail(first!);
    expect(once).not.toHaveBeenCalled();
    expect(() => failure.rethrow()).toThrow(first);
  });
});
