import { unavailable, type Logger } from '@souk/service';
import { connect, type ChannelModel, type ConfirmChannel, type RecoveringChannelModel } from 'amqplib';
import type { Socket } from 'node:net';
import { openConfirmChannel } from './open-channel';
import { probeBroker } from './probe-broker';
import { setUpStepWithin, type SetUpStep } from './set-up-step';
import { within } from './within';

export interface BrokerOptions {
  /** `amqp://user:password@host:port/vhost` */
  url: string;
  /** Shown in the broker's list of connections. */
  name: string;
  logger: Logger;
  /** Time limit for one step of a set-up, in milliseconds. Default: 10,000 */
  setUpStepTimeoutMs?: number;
}

type SetUp = (model: ChannelModel, step: SetUpStep) => Promise<void>;

/** A connection to RabbitMQ that reconnects automatically and then repeats its set-up. */
export interface Broker {
  /** Starts connecting and returns at once; the broker may come up later. */
  start(): void;
  stop(): Promise<void>;
  /** @throws AppError `unavailable` if the connection is down or blocked, or the broker doesn't answer */
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
   * consumers. Each wait for the broker must be a `step`, with a time limit and a name, because a hanging wait blocks every
   * later set-up.
   */
  onSetup(setup: SetUp): void;
  /** Called when all set-ups of a connection are done. */
  onConnected(listener: () => void): void;
  onDisconnected(listener: () => void): void;
  /** Called when the broker stops accepting messages on this connection because it is short of memory or disk. */
  onBlocked(listener: () => void): void;
}

const HEARTBEAT_S = 5;
const CONNECT_TIMEOUT_MS = 5_000;
const CONFIRM_TIMEOUT_MS = 1_500;
const SET_UP_STEP_TIMEOUT_MS = 10_000;
/** A broker that blocks publishers doesn't read from them, so it never answers their close. */
const CLOSE_TIMEOUT_MS = 1_000;
/** One failed attempt in this many is logged as a warning, starting with the first. */
const LOG_EVERY_ATTEMPT = 10;

export function createBroker({
  url,
  name,
  logger,
  setUpStepTimeoutMs = SET_UP_STEP_TIMEOUT_MS,
}: BrokerOptions): Broker {
  const step = setUpStepWithin(setUpStepTimeoutMs);
  const setups: SetUp[] = [];
  const connectedListeners: (() => void)[] = [];
  const disconnectedListeners: (() => void)[] = [];
  const blockedListeners: (() => void)[] = [];
  let connection: RecoveringChannelModel | undefined;
  let opening: Promise<void> | undefined;
  let isConnected = false;
  let isBlocked = false;
  let isStopped = false;
  let probe: ConfirmChannel | undefined;
  let confirming: Promise<void> | undefined;
  let socket: Socket | undefined;
  let lastSetUpFault = '';
  let lastWarning: string | undefined;

  const lost = () => {
    isConnected = false;
    probe = undefined;
    disconnectedListeners.forEach((listener) => listener());
  };

  const setUp = async (model: ChannelModel) => {
    let isGone = false;
    socket = socketOf(model);
    model.on('error', () => undefined); // the set-up itself reports a connection lost meanwhile
    model.on('close', () => (isGone = true));
    // Listen on the model, because the recovering connection doesn't forward events during set-up.
    isBlocked = false;
    model.on('blocked', (reason: string) => {
      isBlocked = true;
      logger.warn({ reason }, 'the broker takes no messages');
      blockedListeners.forEach((listener) => listener());
    });
    model.on('unblocked', () => (isBlocked = false));
    try {
      const warning = probeBroker(model);
      if (warning && warning !== lastWarning) logger.warn(warning);
      lastWarning = warning;
      for (const setup of setups) await setup(model, step);
      probe = await openConfirmChannel(model, logger, step);
      // The library watches for a closed connection only after this function returns. It would never notice one that closed
      // in the same turn of the event loop as the last response.
      await new Promise(setImmediate);
      if (isGone) throw new Error('the connection was closed while it was set up');
      lastSetUpFault = '';
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (reason !== lastSetUpFault && !isStopped)
        logger.error({ reason }, 'the connection to the broker cannot be set up; trying again');
      lastSetUpFault = reason;
      // A hanging broker wouldn't answer a close either, so cut the connection before the library sends one and waits.
      socketOf(model).destroy(new Error(reason));
      await new Promise(setImmediate);
      lost(); // channels opened so far are dead, so notify their owners
      throw error;
    }
  };

  const open = async (): Promise<void> => {
    if (isStopped) return;
    // Without noDelay every request/reply waits for a delayed ACK: 44 per second instead of 2,500.
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
  };

  const usable = (): ConfirmChannel => {
    if (!isConnected || isBlocked || !probe) throw unavailable('the message broker');
    return probe;
  };
  const notAnswered = (error: unknown) => {
    throw unavailable('the message broker', error);
  };

  return {
    start: () => {
      opening = open().catch((error: unknown) => logger.error({ err: error }, 'can not connect to the broker'));
    },
    stop: async () => {
      isStopped = true;
      isConnected = false;
      await opening;
      if (!connection) return;
      await within(CLOSE_TIMEOUT_MS, connection.close()).catch((error: unknown) =>
        logger.warn({ err: error }, 'cut the connection to the broker because it did not close'),
      );
      socket?.destroy(new Error('stopped'));
      lost();
    },
    ping: async () => {
      // A hanging broker keeps its connection open; only a response proves that it works.
      await usable().checkExchange('amq.direct').catch(notAnswered);
    },
    checkPublishing: async () => {
      const channel = usable();
      // One at a time, so that messages don't pile up while confirms are missing.
      confirming ??= publishNothing(channel).finally(() => (confirming = undefined));
      await within(CONFIRM_TIMEOUT_MS, confirming).catch(notAnswered);
    },
    isConnected: () => isConnected && !isBlocked,
    onSetup: (setup) => setups.push(setup),
    onConnected: (listener) => connectedListeners.push(listener),
    onDisconnected: (listener) => disconnectedListeners.push(listener),
    onBlocked: (listener) => blockedListeners.push(listener),
  };
}

/**
 * A message without a route is confirmed and discarded. Source:
 * https://www.rabbitmq.com/docs/confirms#when-publishes-are-confirmed
 */
const publishNothing = (channel: ConfirmChannel): Promise<void> =>
  new Promise((resolve, reject) => {
    channel.publish('', 'readiness', Buffer.alloc(0), {}, (error: Error | null) => (error ? reject(error) : resolve()));
  });

/** The library has no other way to drop a connection that doesn't close. */
const socketOf = (model: ChannelModel) => (model.connection as unknown as { stream: Socket }).stream;

function withHeartbeat(url: string): string {
  const parsed = new URL(url);
  if (!parsed.searchParams.has('heartbeat')) parsed.searchParams.set('heartbeat', String(HEARTBEAT_S));
  return parsed.toString();
}
