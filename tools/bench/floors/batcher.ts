/** How many batches a process has run, and with how many items, by name. */
export type Batches = Record<string, { batches: number; items: number }>;

const counts: Batches = {};

export const batchesSoFar = (): Batches => counts;

/** Group commit: items that arrive while a batch runs form the next one. @returns a function that adds an item */
export function createBatcher<Item>(name: string, run: (batch: Item[]) => Promise<void>): (item: Item) => void {
  const count = (counts[name] = { batches: 0, items: 0 });
  let waiting: Item[] = [];
  let isRunning = false;

  const runBatches = async () => {
    // Items of the same turn of the event loop join the first batch.
    await new Promise(setImmediate);
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      count.batches++;
      count.items += batch.length;
      await run(batch);
    }
    isRunning = false;
  };

  return (item) => {
    waiting.push(item);
    if (isRunning) return;
    isRunning = true;
    void runBatches();
  };
}
