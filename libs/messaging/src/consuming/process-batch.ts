import type { JobQueue } from '@souk/contracts';
import { AppError, type Logger } from '@souk/service';
import type { Outgoing } from '../publishing/outgoing';
import {
  deadLetterCopy,
  isInvalid,
  isSuspect,
  retryCopy,
  suspectCopy,
  toDelivery,
  waitStep,
  type Delivery,
  type ReceivedJob,
  type Verdict,
} from './job-delivery';

/** How the jobs of a queue are handled. */
export interface BatchHandling<Message> {
  queue: JobQueue;
  logger: Logger;
  /**
   * Applies a batch as a unit. Returns one verdict per delivery, in order. Throwing means that nothing was done. After a
   * retryable error (an engine failed) the whole batch waits for a retry; after any other error each message is handled alone,
   * so that an invalid message doesn't affect the others.
   */
  handle(batch: Delivery<Message>[]): Promise<Verdict[]>;
  onBatch?(size: number): void;
  onVerdict?(kind: Verdict['kind']): void;
}

/** Failed attempts before a message becomes a dead letter. Failures of an engine don't count. */
const ATTEMPTS_MAX = 5;

/** Handles a batch. @returns the copies to publish before the batch may be acknowledged */
type ProcessBatch<Message> = (batch: ReceivedJob<Message>[]) => Promise<Outgoing[]>;

/** Copies a job that must be retried to a retry queue, and one that can't be processed to the dead-letter queue. */
export function createBatchProcessor<Message>(options: BatchHandling<Message>): ProcessBatch<Message> {
  const { queue, logger } = options;

  const deadLetter = (job: ReceivedJob, reason: string): Outgoing => {
    options.onVerdict?.('dead');
    logger.error({ queue: queue.name, reason, messageId: job.properties.messageId }, 'a job became a dead letter');
    return deadLetterCopy(queue, job, reason);
  };

  const copyAfter = (job: ReceivedJob, verdict: Verdict): Outgoing[] => {
    if (verdict.kind === 'dead') return [deadLetter(job, verdict.reason)];
    options.onVerdict?.(verdict.kind);
    if (verdict.kind === 'done') return [];
    return [retryCopy(queue, { ...job, waits: job.waits + 1 }, waitStep(job.waits))];
  };

  const copyAfterError = (job: ReceivedJob, error: unknown): Outgoing => {
    if (isInvalid(error)) return deadLetter(job, error.message);
    const attempts = job.attempts + 1;
    logger.error({ err: error, queue: queue.name, attempts }, 'a job failed');
    if (attempts >= ATTEMPTS_MAX) return deadLetter(job, `failed ${attempts} times: ${String(error)}`);
    return retryCopy(queue, { ...job, attempts }, attempts);
  };

  const process: ProcessBatch<Message> = async (batch) => {
    if (isSuspectBundle(batch)) {
      logger.warn({ queue: queue.name, size: batch.length }, 'split a bundle that may be crashing its consumer');
      return batch.map((job) => suspectCopy(queue, job));
    }
    options.onBatch?.(batch.length);
    try {
      const verdicts = await judge(batch, (deliveries) => options.handle(deliveries));
      return batch.flatMap((job, index) => copyAfter(job, verdicts[index]!));
    } catch (error) {
      if (error instanceof AppError && error.retryable) {
        logger.warn(
          { queue: queue.name, size: batch.length, reason: error.message, err: error.cause },
          'a batch waits for a retry',
        );
        return batch.flatMap((job) => copyAfter(job, { kind: 'wait', reason: error.message }));
      }
      if (batch.length === 1) return [copyAfterError(batch[0]!, error)];
      const copies: Outgoing[] = [];
      for (const job of batch) copies.push(...(await process([job])));
      return copies;
    }
  };
  return process;
}

/** One of its jobs may be killing the consumer, so they have to be handled one by one. */
const isSuspectBundle = (batch: readonly ReceivedJob[]) =>
  batch.length > 1 && batch.every((job) => job.source.isBundle && isSuspect(job));

/** @returns one verdict per job, in order; an unreadable job is dead without being handled */
async function judge<Message>(
  batch: readonly ReceivedJob<Message>[],
  handle: BatchHandling<Message>['handle'],
): Promise<Verdict[]> {
  const readable = batch.flatMap((job) => (job.parsed.ok ? [toDelivery(job, job.parsed.message)] : []));
  const verdicts = readable.length > 0 ? await handle(readable) : [];
  return batch.map(({ parsed }) => (parsed.ok ? verdicts.shift()! : { kind: 'dead', reason: parsed.reason }));
}
