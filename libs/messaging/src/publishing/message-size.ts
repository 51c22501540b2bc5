import type { Outgoing } from './outgoing';

/**
 * The broker's limit on the size of a message, known once the broker has refused a larger one on this connection or the
 * previous one.
 */
export interface SizeLimit {
  /** Call it for each new connection. */
  renew(): void;
  /** Learns the limit from the error with which the broker closes the channel. */
  learnFrom(error: Error): void;
  /** @returns the content to publish: the smaller one if the other exceeds the limit */
  contentOf(message: Pick<Outgoing, 'content' | 'smaller'>): Buffer;
  /** @returns why the broker will never accept the message; undefined if it may */
  refusalOf(message: Outgoing): string | undefined;
}

/** The broker's reason for closing the channel. Source: `check_msg_size` in RabbitMQ's `rabbit_channel.erl`. */
const TOO_LARGE = /message size \d+ is larger than (?:configured )?max size (\d+)/;

export function createSizeLimit(): SizeLimit {
  let bytesMax = Infinity;
  let nextBytesMax = Infinity;

  const contentOf: SizeLimit['contentOf'] = ({ content, smaller }) =>
    smaller && content.length > bytesMax ? smaller : content;

  return {
    renew: () => {
      // This connection still applies the limit; the next one forgets it, since an operator may have raised it.
      bytesMax = nextBytesMax;
      nextBytesMax = Infinity;
    },
    learnFrom: ({ message }) => {
      const limit = TOO_LARGE.exec(message)?.[1];
      if (limit !== undefined) bytesMax = nextBytesMax = Number(limit);
    },
    contentOf,
    refusalOf: (message) => {
      const { length } = contentOf(message);
      return length <= bytesMax ? undefined : `${length} bytes; the broker accepts messages of at most ${bytesMax}`;
    },
  };
}
