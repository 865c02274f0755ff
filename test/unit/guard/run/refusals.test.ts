import { describe, expect, it, vi } from 'vitest';
import { Refusals } from '../../../../packages/guard/src/refusal/refusals.ts';

describe('the refusals of a process', () => {
  it('throw nothing before the first', () => {
    const refusals = new Refusals();
    expect(() => refusals.rethrow()).not.toThrow();
    expect(refusals.all).toEqual([]);
  });

  it('stick: the first is thrown again, whatever comes after it', () => {
    const onFirst = vi.fn();
    const refusals = new Refusals<Error>({ onFirst });
    const [first, second] = [new Error('first'), new Error('second')];
    expect(refusals.add(first)).toBe(first);
    expect(refusals.add(second)).toBe(second);
    expect(refusals.add(first)).toBe(first);
    expect(() => refusals.rethrow()).toThrow(first);
    expect(refusals.all).toEqual([first, second]);
    expect(onFirst).toHaveBeenCalledOnce();
  });
});
