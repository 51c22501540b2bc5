import type { Batches } from '../floors/batcher';

/** @param metrics the page `/metrics` of a process @returns the batches and messages of each queue since the process started */
export function parseBatches(metrics: string): Batches {
  const batches: Batches = {};
  for (const [, part, queue, value] of metrics.matchAll(
    /^souk_batch_size_(sum|count)\{[^}]*queue="([^"]+)"[^}]*\} (\S+)$/gm,
  )) {
    const count = (batches[queue!] ??= { batches: 0, items: 0 });
    count[part === 'sum' ? 'items' : 'batches'] = Number(value);
  }
  return batches;
}

/** @returns the mean size of the batches in between, by queue; without queues that had none */
export function meanBatchSizes(before: Batches, after: Batches): Record<string, number> {
  const means = Object.entries(after).map(([queue, { batches, items }]) => {
    const earlier = before[queue] ?? { batches: 0, items: 0 };
    return [queue, (items - earlier.items) / (batches - earlier.batches)] as const;
  });
  return Object.fromEntries(means.filter(([, mean]) => Number.isFinite(mean)));
}
