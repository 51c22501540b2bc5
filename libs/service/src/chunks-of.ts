/**
 * Cuts a list into chunks in its order, each with a weight of at most `max`; an item that is heavier by itself gets a chunk
 * of its own.
 * @param weightOf 1 each when not given
 */
export function chunksOf<Item>(
  items: readonly Item[],
  max: number,
  weightOf: (item: Item) => number = () => 1,
): Item[][] {
  const chunks: Item[][] = [];
  let weight = Infinity;
  for (const item of items) {
    const added = weightOf(item);
    if (weight + added > max) {
      chunks.push([]);
      weight = 0;
    }
    chunks.at(-1)!.push(item);
    weight += added;
  }
  return chunks;
}
