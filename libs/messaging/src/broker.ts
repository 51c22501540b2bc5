import { unavailable, type Logger } from '@souk/service';
import { connect, type Channel, type ChannelModel, type RecoveringChannelModel } from 'amqplib';
import { openChannel } from './open-channel';

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
/** The first failed attempt is worth a warning, and then each time this many more have failed. */
const LOG_EVERY_ATTEMPT = 10;

export function createBroker({ url, name, logger }: BrokerOptions): Broker {
  const setups: ((model: ChannelModel) => Promise<void>)[] = [];
  const connectedListeners: (() => void)[] = [];
  const disconnectedListeners: (() => void)[] = [];
  let connection: RecoveringChannelModel | undefined;
  let opening: Promise<void> | undefined;
  let isConnected = false;
  let isBlocked = false;
  let isStopped = false;
  let probe: Channel | undefined;

  const lost = () => {
    isConnected = false;
    probe = undefined;
    disconnectedListeners.forEach((listener) => listener());
  };

  const setUp = async (model: ChannelModel) => {
    let isGone = false;
    model.on('error', () => undefined); // a cut during set-up is reported by the set-up itself
    model.on('close', () => (isGone = true));
    try {
      for (const setup of setups) await setup(model);
      probe = await openChannel(model, logger);
      // The library listens for the end of a connection only once this has returned: one that ended in the same turn
      // of the event loop as the last answer would go unnoticed for ever.
      await new Promise(setImmediate);
      if (isGone) throw new Error('the connection was closed while it was set up');
    } catch (error) {
      lost(); // channels that were opened so far are dead, and their owners have to know
      throw error;
    }
  };

  const open = async (): Promise<void> => {
    if (isStopped) return;
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
        setup: setUp,
      },
    });
    connection.on('connect', () => {
      if (isStopped) return;
      isConnected = true;
      isBlocked = false;
      logger.info('connected to the broker');
      connectedListeners.forEach((listener) => listener());
    });
    connection.on('disconnect', (error: Error) => {
      logger.warn({ reason: error.message }, 'lost the broker');
      lost();
    });
    connection.on('reconnect-scheduled', ({ attempt, delay, error }) => {
      const level = attempt % LOG_EVERY_ATTEMPT === 1 ? 'warn' : 'debug';
      logger[level]({ attempt, delayMs: delay, reason: error.message }, 'the broker does not answer yet');
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
      opening = open().catch((error: unknown) => logger.error({ err: error }, 'can not connect to the broker'));
    },
    stop: async () => {
      isStopped = true;
      isConnected = false;
      await opening;
      await connection?.close();
    },
    ping: async () => {
      if (!isConnected || isBlocked || !probe) throw unavailable('the message broker');
      // A broker that hangs keeps its connection: only an answer tells that it works.
      await probe.checkExchange('amq.direct').catch((error: unknown) => {
        throw unavailable('the message broker', error);
      });
    },
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
