/**
 * Does something with each of a list, `atOnce` of them at a time, and yields the results in the order of the list. Results that wait
 * for an earlier one are kept; an error ends it.
 */
export async function* inOrder<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  run: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const results: (Promise<Result> | undefined)[] = [];
  let next = 0;
  let running = 0;
  let room: () => void = () => undefined;
  const start = (): void => {
    while (running < atOnce && next < items.length) {
      running += 1;
      const result = run(items[next]!).finally(() => {
        running -= 1;
        start();
        room();
      });
      // Whoever waits for it is told; until then nobody may be.
      result.catch(() => undefined);
      results[next] = result;
      next += 1;
    }
  };
  start();
  for (let index = 0; index < items.length; index += 1) {
    while (results[index] === undefined) await new Promise<void>((resolve) => (room = resolve));
    yield await results[index]!;
    results[index] = undefined;
  }
}
