import { deadLetterQueue } from '@souk/contracts';
import type { Logger } from '@souk/service';
import type { OutboxEntry } from './outbox';
import { encode, TO_QUEUE, type Outgoing } from './outgoing';
import type { Publisher } from './publisher';

export interface OutboxRelayOptions {
  /** @returns the messages to send instead of one that the broker will never accept */
  replace?(refused: Outgoing, reason: string): Outgoing[];
}

/** Publishes entries of the outbox, and remembers the progress of those that aren't finished. */
export interface EntryPublisher {
  /** Publishes entries, and replacements for refused messages. @returns the ids of the finished entries */
  publish(entries: readonly OutboxEntry[]): Promise<string[]>;
  /**
   * Does the same for one entry, message by message, those with the most failures last: one message may prevent the confirmation
   * of the others.
   */
  publishOneByOne(entry: OutboxEntry, shouldStop: () => boolean): Promise<string[]>;
  /** @returns the highest number of failed attempts to publish a message of the entry */
  failuresOf(entry: OutboxEntry): number;
}

/** Maximum number of unfinished entries to remember. The oldest ones may have been finished by another replica. */
const REMEMBERED_MAX = 10_000;

/** The publishing progress of an entry. Messages are identified by their index. */
interface Progress {
  /** The messages that are confirmed or given up. */
  finished: Set<number>;
  /** How often publishing the other messages has failed. */
  failures: Map<number, number>;
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
  const remembered = createProgressMemory();
  const giveUp = createGiveUp(publisher, logger, options);

  const publishParts = async (parts: readonly Part[]): Promise<void> => {
    const messages = parts.map(({ message }) => message);
    const outcomes = await publisher.publishEach(messages, { areBundled: true });
    for (const [position, { message, index, progress }] of parts.entries()) {
      const { finished, failures } = progress;
      const outcome = outcomes[position]!;
      const isDone = outcome.kind === 'refused' ? await giveUp(message, outcome.reason) : outcome.kind === 'confirmed';
      if (isDone) finished.add(index);
      // An unsent message has not failed, so it stays in the batch.
      else if (outcome.kind !== 'unsent') failures.set(index, (failures.get(index) ?? 0) + 1);
    }
  };

  const unfinishedParts = (entry: OutboxEntry, progress: Progress): Part[] =>
    entry.messages
      .map((message, index) => ({ message, index, progress }))
      .filter(({ index }) => !progress.finished.has(index));

  /** Ends an attempt. @returns the id of the entry if it is finished */
  const finishedId = ({ id, messages }: OutboxEntry, { finished }: Progress): string[] => {
    if (finished.size < messages.length) return [];
    remembered.forget(id);
    return [id];
  };

  return {
    publish: async (entries) => {
      const attempts = entries.map((entry) => ({ entry, progress: remembered.of(entry) }));
      await publishParts(attempts.flatMap(({ entry, progress }) => unfinishedParts(entry, progress)));
      return attempts.flatMap(({ entry, progress }) => finishedId(entry, progress));
    },
    publishOneByOne: async (entry, shouldStop) => {
      const progress = remembered.of(entry);
      const failuresOf = ({ index }: Part) => progress.failures.get(index) ?? 0;
      for (const part of unfinishedParts(entry, progress).sort((a, b) => failuresOf(a) - failuresOf(b))) {
        if (shouldStop()) break;
        await publishParts([part]);
      }
      return finishedId(entry, progress);
    },
    failuresOf: (entry) => Math.max(0, ...remembered.of(entry).failures.values()),
  };
}

function createProgressMemory() {
  const progressById = new Map<string, Progress>();
  return {
    /** @returns the same object for concurrent attempts, so that none forgets what another has finished */
    of: ({ id }: OutboxEntry): Progress => {
      const known = progressById.get(id);
      if (known) return known;
      const progress: Progress = { finished: new Set(), failures: new Map() };
      progressById.set(id, progress);
      for (const oldest of progressById.keys()) {
        if (progressById.size <= REMEMBERED_MAX) break;
        progressById.delete(oldest);
      }
      return progress;
    },
    forget: (id: string) => void progressById.delete(id),
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
  if (exchange !== TO_QUEUE) return [];
  const { data: _, ...envelope } = JSON.parse(content.toString('utf8')) as Record<string, unknown>;
  const headers = { 'x-reason': reason, 'x-first-seen': Date.now() };
  return [{ exchange, routingKey: deadLetterQueue(routingKey), content: encode(envelope), properties: { headers } }];
}
