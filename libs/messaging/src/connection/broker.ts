import { READINESS_EXCHANGE } from '@souk/contracts';
import { unavailable } from '@souk/service';
import type { ConfirmChannel } from 'amqplib';
import { roundTrip } from './open-channel';
import { createRecoveringConnection, type ConnectionEvent, type ConnectionOptions } from './recovering-connection';
import type { SetUp } from './set-up-connection';
import { within } from './within';

/** A connection to RabbitMQ that reconnects automatically and then repeats its set-up. */
export interface Broker {
  /** The app's name. */
  readonly name: string;
  /** Starts connecting and returns at once; the broker may come up later. */
  start(): void;
  stop(): Promise<void>;
  /** @throws AppError `unavailable` if the connection is down or blocked, or the broker doesn't respond */
  ping(): Promise<void>;
  /**
   * Checks that the broker confirms messages, by publishing one that isn't routed to any queue. A broker that is short of
   * memory or disk blocks a connection only once it publishes, and then stops processing its acknowledgements too, so a
   * consumer that rarely publishes should use `ping`.
   * @throws AppError `unavailable` if the message isn't confirmed
   */
  checkPublishing(): Promise<void>;
  isConnected(): boolean;
  /**
   * Registers a set-up that runs after each connect, in order of registration: it declares queues, opens channels or starts
   * consumers. Each wait for the broker must be a `step`, with a time limit and a name, since a hanging wait blocks every
   * later set-up.
   */
  onSetup(setup: SetUp): void;
  /** Called when all set-ups of a connection are done. */
  onConnected(listener: () => void): void;
  onDisconnected(listener: () => void): void;
  /** Called when the broker stops accepting messages on this connection because it is short of memory or disk. */
  onBlocked(listener: () => void): void;
}

const CONFIRM_TIMEOUT_MS = 1_500;

export function createBroker(options: ConnectionOptions): Broker {
  const setUps: SetUp[] = [];
  const listeners: Record<ConnectionEvent, (() => void)[]> = { connected: [], disconnected: [], blocked: [] };
  const connection = createRecoveringConnection(options, setUps, (event) =>
    listeners[event].forEach((listener) => listener()),
  );
  let confirming: Promise<void> | undefined;
  const throwUnavailable = (error: unknown) => {
    throw unavailable('the message broker', error);
  };
  return {
    name: options.name,
    start: () => connection.start(),
    stop: () => connection.stop(),
    ping: async () => {
      // A hanging broker keeps its connection open; only a response proves that it works.
      await roundTrip(connection.usableChannel()).catch(throwUnavailable);
    },
    checkPublishing: async () => {
      const channel = connection.usableChannel();
      // Publishes one message at a time, so that messages don't pile up while confirms are missing.
      confirming ??= publishNothing(channel).finally(() => (confirming = undefined));
      await within(CONFIRM_TIMEOUT_MS, confirming).catch(throwUnavailable);
    },
    isConnected: () => connection.isUsable(),
    onSetup: (setUp) => setUps.push(setUp),
    onConnected: (listener) => listeners.connected.push(listener),
    onDisconnected: (listener) => listeners.disconnected.push(listener),
    onBlocked: (listener) => listeners.blocked.push(listener),
  };
}

/**
 * A message without a route is confirmed and discarded. Source:
 * https://www.rabbitmq.com/docs/confirms#when-publishes-are-confirmed
 */
const publishNothing = (channel: ConfirmChannel): Promise<void> =>
  new Promise((resolve, reject) => {
    channel.publish(READINESS_EXCHANGE, '', Buffer.alloc(0), {}, (error: Error | null) =>
      error ? reject(error) : resolve(),
    );
  });
