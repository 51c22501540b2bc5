import { exchangeTo } from '@souk/contracts';
import type { ConfirmChannel } from 'amqplib';
import type { SizeLimit } from './message-size';
import { TO_QUEUE, type Outgoing } from './outgoing';

/**
 * The outcome of publishing a message. `unsent`: there was no connection. `unconfirmed`: it may or may not have arrived.
 * `refused`: the broker will never accept it.
 */
export type PublishOutcome = { kind: 'confirmed' | 'unsent' | 'unconfirmed' } | { kind: 'refused'; reason: string };

interface ConfirmedPublishing {
  /** Publishes persistent messages and waits for the confirms. Never rejects. @returns the outcome of each, in order */
  publish(channel: ConfirmChannel, messages: readonly Outgoing[]): Promise<PublishOutcome[]>;
  /** Ends each wait; messages without a confirm stay unconfirmed. */
  endWaits(): void;
}

const CONFIRM_TIMEOUT_MS = 10_000;

const UNCONFIRMED: PublishOutcome = { kind: 'unconfirmed' };

/** amqplib throws this on a closed channel; any other error is caused by the message. */
const isClosed = (error: unknown) => error instanceof Error && error.name === 'IllegalOperationError';

export function createConfirmedPublishing(limit: SizeLimit): ConfirmedPublishing {
  /** Callbacks that end the waits. */
  const endings = new Set<() => void>();

  const refusalOf = (message: Outgoing): PublishOutcome | undefined => {
    const reason = limit.refusalOf(message);
    return reason === undefined ? undefined : { kind: 'refused', reason };
  };

  const publishOne = (channel: ConfirmChannel, message: Outgoing, onOutcome: (outcome: PublishOutcome) => void) => {
    const { exchange, routingKey, properties } = message;
    const refusal = refusalOf(message);
    if (refusal) return onOutcome(refusal);
    const mandatory = exchange === TO_QUEUE; // the queue must exist
    const target = mandatory ? exchangeTo(routingKey) : exchange;
    const options = { persistent: true, contentType: 'application/json', mandatory, ...properties };
    try {
      channel.publish(target, routingKey, limit.contentOf(message), options, (error: unknown) =>
        onOutcome(error ? UNCONFIRMED : { kind: 'confirmed' }),
      );
    } catch (error) {
      onOutcome(isClosed(error) ? UNCONFIRMED : { kind: 'refused', reason: String(error) });
    }
  };

  return {
    publish: (channel, messages) =>
      new Promise((resolve) => {
        const outcomes = messages.map(() => UNCONFIRMED);
        let pendingCount = messages.length;
        const end = () => {
          clearTimeout(timer);
          endings.delete(end);
          // An unconfirmed message may be the one for which the broker closed the channel.
          resolve(
            outcomes.map((outcome, index) => (outcome === UNCONFIRMED && refusalOf(messages[index]!)) || outcome),
          );
        };
        const timer = setTimeout(end, CONFIRM_TIMEOUT_MS);
        endings.add(end);
        messages.forEach((message, index) =>
          publishOne(channel, message, (outcome) => {
            outcomes[index] = outcome;
            if (--pendingCount === 0) end();
          }),
        );
      }),
    endWaits: () => {
      for (const end of endings) end();
    },
  };
}
