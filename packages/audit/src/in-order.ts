/**
 * Runs a function for each item, `atOnce` at a time, and yields the results in the order of the items. Later results wait for earlier
 * ones. An error ends the loop.
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
      // The loop below awaits this promise later. Until then, a rejection must not end the process.
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
