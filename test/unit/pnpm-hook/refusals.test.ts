/** What is refused stays refused: pnpm forgives the failure of an optional dependency. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { HookError } from '../../../packages/pnpm-hook/src/messages.ts';
import { endingAfterRefusal, HookRefusals } from '../../../packages/pnpm-hook/src/refusals.ts';
import { freshFolder } from '../../support/fresh-folder.ts';

const fakes = vi.hoisted(() => ({ inWorker: false }));
vi.mock('../../../packages/pnpm-hook/src/engine.ts', () => ({
  get inWorker() {
    return fakes.inWorker;
  },
}));

const [first, second] = ['first', 'second'].map((text) => new HookError('NOT_INSPECTED', text)) as [
  HookError,
  HookError,
];

let folder: string;
let atExit: (() => void)[];
let refusals: HookRefusals;
freshFolder((made) => {
  folder = made;
  vi.stubEnv('TARWARDEN_PNPM_STATUS', join(folder, 'status'));
  fakes.inWorker = false;
  atExit = [];
  refusals = new HookRefusals((act) => atExit.push(act));
});

describe('what was refused', () => {
  test('is nothing at first', () => {
    expect(() => refusals.rethrow()).not.toThrow();
    expect(atExit).toEqual([]);
  });

  test('is thrown again by every later hook: the first of it', () => {
    expect(refusals.add(first)).toBe(first);
    expect(refusals.add(second)).toBe(second);
    for (let hook = 0; hook < 2; hook++) expect(() => refusals.rethrow()).toThrow(first);
  });

  test('is reported to `tarwarden pnpm`, once each', () => {
    for (const error of [first, first, second, first]) refusals.add(error);
    const lines = readFileSync(join(folder, 'status'), 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(
      [first, second].map(({ message }) => ({ event: 'blocked', subject: message })),
    );
  });
});

describe('a check', () => {
  test('gives what it gives', () => {
    expect(refusals.keep(() => 7)).toBe(7);
  });

  test('that refuses, refuses for good', () => {
    const check = (): never => {
      throw first;
    };
    expect(() => refusals.keep(check)).toThrow(first);
    expect(() => refusals.rethrow()).toThrow(first);
  });

  test('with a mistake in it is not a refusal', () => {
    const mistake = new RangeError('a mistake');
    const check = (): never => {
      throw mistake;
    };
    expect(() => refusals.keep(check)).toThrow(mistake);
    expect(refusals.all).toEqual([]);
  });
});

describe('the exit code', () => {
  let code: typeof process.exitCode;
  beforeEach(() => {
    code = process.exitCode;
  });
  afterEach(() => {
    process.exitCode = code;
  });

  /** What the process ends with that would have ended with `before`. */
  const ends = (before: number | undefined): typeof process.exitCode => {
    refusals.add(first);
    refusals.add(second);
    expect(atExit).toHaveLength(1);
    process.exitCode = before;
    atExit[0]?.();
    return process.exitCode;
  };

  test.each([undefined, 0])('is not %s where pnpm forgave it', (before) => {
    expect(ends(before)).toBe(1);
  });

  test("is pnpm's own where it is one of failure", () => {
    expect(ends(7)).toBe(7);
  });

  test('is seen to when the process ends', () => {
    const once = vi.spyOn(process, 'once').mockReturnValue(process);
    new HookRefusals().add(first);
    expect(once.mock.calls).toEqual([['exit', expect.any(Function)]]);
    once.mockRestore();
  });

  test("is not the worker's to say", () => {
    fakes.inWorker = true;
    refusals.add(first);
    expect(atExit).toEqual([]);
    expect(() => refusals.rethrow()).toThrow(first);
  });
});

describe('updateConfig', () => {
  test.each([
    [false, [[1]]],
    [true, []],
  ])('that refuses ends pnpm, in a worker by itself: %s', async (inWorker, exits) => {
    fakes.inWorker = inWorker;
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    const exit = vi.spyOn(process, 'exit').mockImplementation(() => undefined as never);
    await expect(endingAfterRefusal(() => Promise.reject(first))).rejects.toBe(first);
    vi.advanceTimersByTime(1999);
    expect(exit).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(exit.mock.calls).toEqual(exits);
    vi.useRealTimers();
  });

  test('that accepts lets pnpm go on', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    const exit = vi.spyOn(process, 'exit').mockImplementation(() => undefined as never);
    expect(await endingAfterRefusal(() => 7)).toBe(7);
    vi.advanceTimersByTime(60_000);
    expect(exit).not.toHaveBeenCalled();
    vi.useRealTimers();
  });
});
