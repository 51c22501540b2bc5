import { unavailable, type Logger } from '@souk/service';
import { connect, type ChannelModel, type RecoveringChannelModel } from 'amqplib';

export interface BrokerOptions {
  /** `amqp://user:password@host:port/vhost` */
  url: string;
  /** Shown in the broker's list of connections. */
  name: string;
  logger: Logger;
}

/** One connection to RabbitMQ that comes back by itself, with everything that was set up on it. */
export interface Broker {
  /** Begins to connect and returns; the broker may come up later. */
  start(): void;
  stop(): Promise<void>;
  /** @throws AppError `unavailable` while there is no connection */
  ping(): Promise<void>;
  isConnected(): boolean;
  /** Runs after each connect, in the order of registration: declares queues, opens channels, starts consumers. */
  onSetup(setup: (model: ChannelModel) => Promise<void>): void;
  /** Called when all set-ups of a connection are done. */
  onConnected(listener: () => void): void;
  onDisconnected(listener: () => void): void;
}

const HEARTBEAT_S = 5;
const CONNECT_TIMEOUT_MS = 5_000;

export function createBroker({ url, name, logger }: BrokerOptions): Broker {
  const setups: ((model: ChannelModel) => Promise<void>)[] = [];
  const connectedListeners: (() => void)[] = [];
  const disconnectedListeners: (() => void)[] = [];
  let connection: RecoveringChannelModel | undefined;
  let isConnected = false;
  let isBlocked = false;

  const open = async () => {
    // Without noDelay every request/reply waits for a delayed ACK: 44 a second instead of 2,500.
    connection = await connect(withHeartbeat(url), {
      noDelay: true,
      keepAlive: true,
      timeout: CONNECT_TIMEOUT_MS,
      clientProperties: { connection_name: name },
      recovery: {
        initialDelay: 100,
        maxDelay: 2_000,
        waitForConnect: false,
        setup: async (model: ChannelModel) => {
          model.on('error', () => undefined); // a cut during set-up is reported by the set-up itself
          for (const setup of setups) await setup(model);
        },
      },
    });
    connection.on('connect', () => {
      isConnected = true;
      isBlocked = false;
      logger.info('connected to the broker');
      connectedListeners.forEach((listener) => listener());
    });
    connection.on('disconnect', (error: Error) => {
      isConnected = false;
      logger.warn({ reason: error.message }, 'lost the broker');
      disconnectedListeners.forEach((listener) => listener());
    });
    connection.on('reconnect-scheduled', ({ attempt, delay, error }) => {
      logger.debug({ attempt, delayMs: delay, reason: error.message }, 'the broker does not answer yet');
    });
    connection.on('error', () => undefined); // 'disconnect' follows
    connection.on('blocked', (reason) => {
      isBlocked = true;
      logger.warn({ reason }, 'the broker takes no messages');
    });
    connection.on('unblocked', () => (isBlocked = false));
  };

  return {
    start: () => {
      open().catch((error: unknown) => logger.error({ err: error }, 'can not connect to the broker'));
    },
    stop: async () => {
      isConnected = false;
      await connection?.close();
    },
    ping: () => (isConnected && !isBlocked ? Promise.resolve() : Promise.reject(unavailable('the message broker'))),
    isConnected: () => isConnected && !isBlocked,
    onSetup: (setup) => setups.push(setup),
    onConnected: (listener) => connectedListeners.push(listener),
    onDisconnected: (listener) => disconnectedListeners.push(listener),
  };
}

function withHeartbeat(url: string): string {
  const parsed = new URL(url);
  if (!parsed.searchParams.has('heartbeat')) parsed.searchParams.set('heartbeat', String(HEARTBEAT_S));
  return parsed.toString();
}
