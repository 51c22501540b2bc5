import { deadLetterQueue } from '@souk/contracts';
import type { Logger } from '@souk/service';
import type { OutboxEntry } from './outbox';
import { encode, type Outgoing } from './outgoing';
import type { Publisher } from './publisher';

export interface OutboxRelayOptions {
  /** @returns the messages to send instead of one that the broker will never accept */
  replace?(refused: Outgoing, reason: string): Outgoing[];
}

/** Publishes entries of the outbox, and remembers those that the broker didn't confirm completely. */
export interface EntryPublisher {
  /** Publishes entries, and replacements for refused messages. @returns the ids of the finished entries */
  publish(entries: readonly OutboxEntry[]): Promise<string[]>;
  /** Does the same for one entry, message by message, because one of them may prevent the confirmation of the others. */
  publishOneByOne(entry: OutboxEntry, shouldStop: () => boolean): Promise<string[]>;
  /** @returns how often publishing an entry has failed */
  failuresOf(entry: OutboxEntry): number;
}

/** Maximum number of unfinished entries to remember. */
const REMEMBERED_MAX = 10_000;

/** What has become of an entry so far. */
interface Progress {
  failures: number;
  /** The indexes of the messages that are confirmed or given up. */
  finished: Set<number>;
}

/** A message of an entry. */
interface Part {
  message: Outgoing;
  index: number;
  progress: Progress;
}

export function createEntryPublisher(
  publisher: Publisher,
  logger: Logger,
  options: OutboxRelayOptions,
): EntryPublisher {
  const remembered = new Map<string, Progress>();
  const giveUp = createGiveUp(publisher, logger, options);

  /** Publishes messages together. @returns the progress of the entries with a failed message */
  const publishParts = async (parts: readonly Part[]): Promise<Set<Progress>> => {
    const messages = parts.map(({ message }) => message);
    const outcomes = await publisher.publishEach(messages, { areBundled: true });
    const failed = new Set<Progress>();
    for (const [position, { message, index, progress }] of parts.entries()) {
      const outcome = outcomes[position]!;
      const isDone = outcome.kind === 'refused' ? await giveUp(message, outcome.reason) : outcome.kind === 'confirmed';
      if (isDone) progress.finished.add(index);
      else if (outcome.kind !== 'unsent') failed.add(progress); // an unsent message has not failed, so it stays in the batch
    }
    return failed;
  };

  const partsOf = (entry: OutboxEntry): { progress: Progress; parts: Part[] } => {
    const progress = remembered.get(entry.id) ?? { failures: 0, finished: new Set() };
    const parts = entry.messages.map((message, index) => ({ message, index, progress }));
    return { progress, parts: parts.filter(({ index }) => !progress.finished.has(index)) };
  };

  /** @returns whether the entry is finished */
  const end = ({ id, messages }: OutboxEntry, progress: Progress): boolean => {
    const isFinished = progress.finished.size === messages.length;
    if (isFinished) remembered.delete(id);
    else if ((progress.failures > 0 || progress.finished.size > 0) && remembered.size < REMEMBERED_MAX)
      remembered.set(id, progress);
    return isFinished;
  };

  return {
    publish: async (entries) => {
      const started = entries.map((entry) => ({ entry, ...partsOf(entry) }));
      const failed = await publishParts(started.flatMap(({ parts }) => parts));
      for (const progress of failed) progress.failures++;
      return started.flatMap(({ entry, progress }) => (end(entry, progress) ? [entry.id] : []));
    },
    publishOneByOne: async (entry, shouldStop) => {
      const { progress, parts } = partsOf(entry);
      let hasFailed = false;
      for (const part of parts) {
        if (shouldStop()) break;
        if ((await publishParts([part])).size > 0) hasFailed = true;
      }
      if (hasFailed) progress.failures++;
      return end(entry, progress) ? [entry.id] : [];
    },
    failuresOf: ({ id }) => remembered.get(id)?.failures ?? 0,
  };
}

/** @returns a function that replaces a refused message, and resolves to whether its dead letter and its replacement are confirmed */
function createGiveUp(publisher: Publisher, logger: Logger, { replace }: OutboxRelayOptions) {
  return async (refused: Outgoing, reason: string): Promise<boolean> => {
    const { exchange, routingKey } = refused;
    const substitutes = [...deadLetterOf(refused, reason), ...(replace?.(refused, reason) ?? [])];
    const outcomes = await publisher.publishEach(substitutes);
    const isDone = outcomes.every(({ kind }) => kind === 'confirmed');
    if (isDone)
      logger.error({ exchange, routingKey, reason }, 'gave up on a message that the broker will never accept');
    return isDone;
  };
}

/**
 * The dead letter for a message that is itself too large: its envelope without the data. Messages for an exchange
 * have no dead-letter queue.
 */
function deadLetterOf({ exchange, routingKey, content }: Outgoing, reason: string): Outgoing[] {
  if (exchange !== '') return [];
  const { data: _, ...envelope } = JSON.parse(content.toString('utf8')) as Record<string, unknown>;
  const headers = { 'x-reason': reason, 'x-first-seen': Date.now() };
  return [{ exchange, routingKey: deadLetterQueue(routingKey), content: encode(envelope), properties: { headers } }];
}
