/**
 * Splits a list into chunks, keeping the order, each with a weight of at most `max`. An item that exceeds it gets its own chunk.
 * @param weightOf default: 1 each
 */
export function chunksOf<Item>(
  items: readonly Item[],
  max: number,
  weightOf: (item: Item) => number = () => 1,
): Item[][] {
  const chunks: Item[][] = [];
  let weight = Infinity;
  for (const item of items) {
    const itemWeight = weightOf(item);
    if (weight + itemWeight > max) {
      chunks.push([]);
      weight = 0;
    }
    chunks.at(-1)!.push(item);
    weight += itemWeight;
  }
  return chunks;
}
