import type { JobQueue } from '@souk/contracts';
import { chunksOf, createGathering, type Logger } from '@souk/service';
import { chooseBatch } from './choose-batch';
import type { Consumer, ReceivedJob } from './job-delivery';

/** How the jobs of a queue are divided into batches. */
export interface BatchFormingOptions<Message> {
  queue: JobQueue;
  logger: Logger;
  batchMax: number;
  /**
   * How long a partial batch waits for more jobs, in milliseconds. The wait makes batches fewer and larger; it suits jobs that no
   * caller waits for. Default: 0
   */
  gatherMs?: number;
  /**
   * Returns the weight of each message: the number of rows that the handler reads or writes for it. The total weight limits a
   * batch in addition to `batchMax`, and light messages overtake heavy ones. If absent, or if it throws, each message weighs 1.
   */
  weigh?(messages: Message[]): Promise<number[]>;
}

interface BatchForming<Message> {
  /** Takes the next batch out of the buffer. @returns an empty batch if the consumer has stopped or lost its channel */
  next(consumer: Consumer<Message>): Promise<ReceivedJob<Message>[]>;
  /** Ends the wait for more messages. */
  endWait(): void;
}

/** @param signal aborted when the consumer stops */
export function createBatchForming<Message>(
  options: BatchFormingOptions<Message>,
  signal: AbortSignal,
): BatchForming<Message> {
  const { batchMax } = options;
  const gathering = createGathering(options.gatherMs);

  const gather = async (buffer: readonly ReceivedJob[]) => {
    const isFull = buffer.length >= batchMax || chooseBatch(buffer, batchMax).length < buffer.length;
    if (!isFull) await gathering.wait();
  };

  return {
    next: async (consumer) => {
      await gather(consumer.buffer);
      if (!consumer.isCurrent() || signal.aborted) return [];
      const buffered = [...consumer.buffer];
      await weighJobs(buffered, options);
      if (!consumer.isCurrent() || signal.aborted) return [];
      const batch = chooseBatch(buffered, batchMax);
      const inBatch = new Set(batch);
      consumer.buffer = consumer.buffer.filter((job) => !inBatch.has(job));
      return batch;
    },
    endWait: gathering.end,
  };
}

/** Maximum number of jobs weighed by one call, because it may name all of them in one statement. */
const WEIGHED_MAX = 500;

/** Weighs the jobs that haven't been weighed. If that fails, they weigh 1 in this batch. */
async function weighJobs<Message>(
  jobs: readonly ReceivedJob<Message>[],
  options: Pick<BatchFormingOptions<Message>, 'queue' | 'logger' | 'weigh'>,
): Promise<void> {
  if (!options.weigh || jobs.length === 1) return; // a single message is handled whatever its weight
  const unweighed = jobs.filter(({ isWeighed, parsed }) => !isWeighed && parsed.ok);
  for (const chunk of chunksOf(unweighed, WEIGHED_MAX)) {
    const messages = chunk.flatMap(({ parsed }) => (parsed.ok ? [parsed.message] : []));
    const weights = await options.weigh(messages).catch((error: unknown) => {
      options.logger.debug({ err: error, queue: options.queue.name }, 'could not weigh messages');
      return undefined;
    });
    weights?.forEach((weight, index) => Object.assign(chunk[index]!, { weight, isWeighed: true }));
  }
}
