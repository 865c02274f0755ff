import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { inOpenTime, OpenTime } from '../../../../packages/host/src/shared-verdicts/open-time.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** The event loop is busy: the clock goes on, and no timer runs. */
const block = (milliseconds: number): void => void vi.setSystemTime(Date.now() + milliseconds);

test('a long turn of the event loop counts as a short one', () => {
  const now = vi.spyOn(performance, 'now').mockReturnValue(0);
  const time = new OpenTime();
  time.start();
  now.mockReturnValue(60_000);
  expect(time.spent).toBe(250);
  now.mockReturnValue(60_020);
  expect(time.spent).toBe(270);
  time.stop();
  now.mockReturnValue(90_000);
  expect(time.spent).toBe(270);
  now.mockRestore();
});

test('a promise that never settles is given up', async () => {
  const answer = inOpenTime(2000, new Promise(() => undefined), 'too late');
  const later = vi.advanceTimersByTimeAsync(2100);
  await expect(answer).rejects.toThrow('too late');
  await later;
});

test('an answer that came meanwhile is taken', async () => {
  const answer = inOpenTime(2000, Promise.resolve(1), 'too late');
  block(5000);
  await expect(answer).resolves.toBe(1);
  expect(vi.getTimerCount()).toBe(0);
});
