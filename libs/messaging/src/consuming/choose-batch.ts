import { isSuspect, type ReceivedJob } from './job-delivery';

/** Maximum weight of a batch. Only weightless messages can join a message that exceeds it. */
export const BATCH_WEIGHT_MAX = 2_000;

/**
 * Chooses the next batch: the oldest job, so that none waits forever, and then the lightest that fit, so that small jobs don't
 * wait for many large ones. A message that may be killing its consumer is handled alone.
 * @returns at most `batchMax` jobs, in their original order, or all jobs of a bundle that may be killing its consumer
 */
export function chooseBatch<Message>(
  waiting: readonly ReceivedJob<Message>[],
  batchMax: number,
): ReceivedJob<Message>[] {
  const [oldest, ...newerJobs] = waiting;
  if (!oldest) return [];
  if (isSuspect(oldest)) return waiting.filter(({ source }) => source === oldest.source);
  const chosen = new Set([oldest]);
  let weight = oldest.weight;
  const lightestFirst = newerJobs.filter((job) => !isSuspect(job)).sort((a, b) => a.weight - b.weight);
  for (const job of lightestFirst) {
    if (chosen.size >= batchMax || weight + job.weight > BATCH_WEIGHT_MAX) break;
    weight += job.weight;
    chosen.add(job);
  }
  return waiting.filter((job) => chosen.has(job));
}
