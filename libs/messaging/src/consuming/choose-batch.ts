import { isSuspect, type Retained } from './job-delivery';

/** Maximum weight of a batch. Only weightless messages can join a message that exceeds it. */
export const BATCH_WEIGHT_MAX = 2_000;

/**
 * Chooses the next batch: the oldest message, so that none waits forever, and then the lightest that fit, so that small
 * messages don't wait for many large ones. A message that may be killing its consumer is handled alone.
 * @returns at most `batchMax` messages, in their original order
 */
export function chooseBatch<Message>(waiting: readonly Retained<Message>[], batchMax: number): Retained<Message>[] {
  const [oldest, ...others] = waiting;
  if (!oldest || isSuspect(oldest)) return waiting.slice(0, 1);
  const chosen = new Set([oldest]);
  let weight = oldest.weight;
  const lightestFirst = others.filter((each) => !isSuspect(each)).sort((a, b) => a.weight - b.weight);
  for (const each of lightestFirst) {
    if (chosen.size >= batchMax || weight + each.weight > BATCH_WEIGHT_MAX) break;
    weight += each.weight;
    chosen.add(each);
  }
  return waiting.filter((each) => chosen.has(each));
}
