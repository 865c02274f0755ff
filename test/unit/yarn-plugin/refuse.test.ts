/** A refusal is an error in Yarn's way, and makes the command fail whatever becomes of that error. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Refuser } from '../../../packages/yarn-plugin/src/guards.ts';

vi.mock('../../../packages/yarn-plugin/node_modules/@yarnpkg/core', async () =>
  (await import('../../support/yarn-core.ts')).liveCore(),
);

const listeners: (() => void)[] = [];
const { exitCode } = process;
beforeEach(() => {
  listeners.length = 0;
  vi.spyOn(process, 'once').mockImplementation((event, listener) => {
    if (event === 'exit') listeners.push(listener as () => void);
    return process;
  });
});
afterEach(() => {
  process.exitCode = exitCode;
});

test('each refusal is an error of its own, printed line by line', () => {
  const refuser = new Refuser();
  const [one, other] = [refuser.refusal('first\nsecond\nthird'), refuser.refusal('first')];
  expect(one).not.toBe(other);
  expect([one.message, one.reportCode]).toEqual(['first', 30]);
  const reportError = vi.fn();
  one.reportExtra?.({ reportError } as never);
  expect(reportError.mock.calls).toEqual([
    [30, 'second'],
    [30, 'third'],
  ]);
});

test('a package is refused by the whole block', () => {
  const refused = { block: 'tarwarden: refused\n  why', headline: 'short' };
  const error = new Refuser().refuse(refused as never);
  expect(error.message).toBe('tarwarden: refused');
});

describe('the exit code', () => {
  test('is left alone before the first refusal, and seen to once after it', () => {
    const refuser = new Refuser();
    expect(listeners).toHaveLength(0);
    refuser.refusal('a');
    refuser.refusal('b');
    expect(listeners).toHaveLength(1);
  });

  test.each([
    [undefined, 1],
    [0, 1],
    ['0', 1],
    [2, 2],
  ])('%s becomes %s', (before, after) => {
    new Refuser().refusal('a');
    process.exitCode = before;
    listeners[0]?.();
    expect(process.exitCode).toBe(after);
  });
});
