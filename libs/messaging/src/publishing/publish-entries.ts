import { deadLetterQueue } from '@souk/contracts';
import type { Logger } from '@souk/service';
import type { OutboxEntry } from './outbox';
import { encode, type Outgoing } from './outgoing';
import type { Publisher } from './publisher';

export interface OutboxRelayOptions {
  /** @returns the messages to send instead of one that the broker will never accept */
  replace?(refused: Outgoing, reason: string): Outgoing[];
}

/** Publishes entries of the outbox, and remembers which ones the broker didn't confirm. */
export interface EntryPublisher {
  /** Publishes entries, and replacements for refused ones. @returns the ids of the finished entries */
  publish(entries: readonly OutboxEntry[]): Promise<string[]>;
  /** @returns how often publishing an entry has failed */
  failuresOf(entry: OutboxEntry): number;
}

/** Maximum number of unconfirmed entries to remember. */
const FAILURES_MAX = 10_000;

export function createEntryPublisher(
  publisher: Publisher,
  logger: Logger,
  options: OutboxRelayOptions,
): EntryPublisher {
  /** Unconfirmed entries by id, and how often each has failed. */
  const failures = new Map<string, number>();

  /** @returns whether the dead letter and the replacement are confirmed */
  const giveUp = async (refused: Outgoing, reason: string): Promise<boolean> => {
    const { exchange, routingKey } = refused;
    const substitutes = [...deadLetterOf(refused, reason), ...(options.replace?.(refused, reason) ?? [])];
    const outcomes = await publisher.publishEach(substitutes);
    const isDone = outcomes.every(({ kind }) => kind === 'confirmed');
    if (isDone)
      logger.error({ exchange, routingKey, reason }, 'gave up on a message that the broker will never accept');
    return isDone;
  };

  const countFailure = (id: string) => {
    if (failures.has(id) || failures.size < FAILURES_MAX) failures.set(id, (failures.get(id) ?? 0) + 1);
  };

  return {
    publish: async (entries) => {
      const outcomes = await publisher.publishEach(
        entries.map(({ outgoing }) => outgoing),
        { areBundled: true },
      );
      const finishedIds: string[] = [];
      for (const [index, { id, outgoing }] of entries.entries()) {
        const outcome = outcomes[index]!;
        const isDone =
          outcome.kind === 'refused' ? await giveUp(outgoing, outcome.reason) : outcome.kind === 'confirmed';
        if (isDone) {
          finishedIds.push(id);
          failures.delete(id);
        } else if (outcome.kind !== 'unsent') countFailure(id); // an unsent message has not failed, so it stays in the batch
      }
      return finishedIds;
    },
    failuresOf: ({ id }) => failures.get(id) ?? 0,
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
