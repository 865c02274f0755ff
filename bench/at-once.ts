/** Works on every one of a list, `most` at a time, in the list's order of starting. */
export async function atOnce<Item>(
  list: readonly Item[],
  most: number,
  work: (item: Item, index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < list.length) {
      const index = next++;
      await work(list[index]!, index);
    }
  };
  await Promise.all(Array.from({ length: most }, worker));
}
