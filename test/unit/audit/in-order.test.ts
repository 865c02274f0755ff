import { expect, it } from 'vitest';
import { inOrder } from '../../../packages/audit/src/in-order.ts';

async function all<T>(list: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of list) found.push(one);
  return found;
}

it('yields results in the order of the items, some of which are done at once', async () => {
  let running = 0;
  let most = 0;
  const finish = new Map<number, () => void>();
  const results = all(
    inOrder([0, 1, 2, 3, 4], 2, async (item) => {
      running += 1;
      most = Math.max(most, running);
      // The first one ends last.
      if (item === 0) await new Promise<void>((resolve) => finish.set(item, resolve));
      if (item === 4) finish.get(0)?.();
      running -= 1;
      return item * 10;
    }),
  );
  expect(await results).toEqual([0, 10, 20, 30, 40]);
  expect(most).toBe(2);
});

it('ends with the error of an item, and with nothing for no items', async () => {
  expect(await all(inOrder([], 2, async () => 1))).toEqual([]);
  const failing = inOrder([1, 2, 3], 2, async (item) => {
    if (item > 1) throw new Error(`no ${item}`);
    return item;
  });
  await expect(all(failing)).rejects.toThrow('no 2');
});
