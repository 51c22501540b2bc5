import { unavailable, type Logger } from '@souk/service';
import { connect, type ChannelModel, type ConfirmChannel, type RecoveringChannelModel } from 'amqplib';
import { brokerAddress } from './broker-address';
import { flushChannels } from './open-channel';
import { createConnectionSetUp, socketOf, type SetUp } from './set-up-connection';
import { setUpStepWithin } from './set-up-step';
import { within } from './within';

export interface ConnectionOptions {
  /** `amqp://user:password@host:port/vhost`, or `amqps://` */
  url: string;
  /** The app's name, shown in the broker's list of connections. */
  name: string;
  logger: Logger;
  /** Time limit for one step of a set-up, in milliseconds. Default: 10,000 */
  setUpStepTimeoutMs?: number;
}

interface RecoveringConnection {
  start(): void;
  stop(): Promise<void>;
  isUsable(): boolean;
  /**
   * @returns a channel for checking the broker
   * @throws AppError `unavailable` if the connection is down or blocked
   */
  usableChannel(): ConfirmChannel;
}

/** `connected`: all set-ups are done. `blocked`: the broker has stopped accepting messages on the connection. */
export type ConnectionEvent = 'connected' | 'disconnected' | 'blocked';

const HEARTBEAT_S = 5;
const CONNECT_TIMEOUT_MS = 5_000;
const SET_UP_STEP_TIMEOUT_MS = 10_000;
/** A broker that blocks publishers doesn't read from them, so it never responds to their close. */
const CLOSE_TIMEOUT_MS = 1_000;
/** In each series of this many failed attempts, only the first is logged as a warning. */
const LOG_EVERY_ATTEMPT = 10;

/** The state of a connection and of its replacements. */
interface ConnectionState {
  isConnected: boolean;
  isBlocked: boolean;
  isStopped: boolean;
  channel: ConfirmChannel | undefined;
  model: ChannelModel | undefined;
}

/** @param setUps run on each new connection, in order */
export function createRecoveringConnection(
  options: ConnectionOptions,
  setUps: readonly SetUp[],
  notify: (event: ConnectionEvent) => void,
): RecoveringConnection {
  const { logger } = options;
  const state: ConnectionState = {
    isConnected: false,
    isBlocked: false,
    isStopped: false,
    channel: undefined,
    model: undefined,
  };
  let connection: RecoveringChannelModel | undefined;
  let opening: Promise<void> | undefined;

  const onLost = () => {
    state.isConnected = false;
    state.channel = undefined;
    notify('disconnected');
  };
  const onConnected = () => {
    if (state.isStopped) return;
    state.isConnected = true;
    logger.info('connected to the broker');
    notify('connected');
  };
  const setup = createSetUp(options, setUps, state, { onLost, onBlocked: () => notify('blocked') });

  const open = async () => {
    if (!state.isStopped) connection = await connectAndRecover(options, { setup, onConnected, onLost });
  };

  return {
    start: () => {
      opening = open().catch((error: unknown) => logger.error({ err: error }, 'could not connect to the broker'));
    },
    stop: async () => {
      state.isStopped = true;
      state.isConnected = false;
      await opening;
      if (!connection) return;
      await close(connection, state, logger);
      onLost();
    },
    isUsable: () => state.isConnected && !state.isBlocked,
    usableChannel: () => {
      if (!state.isConnected || state.isBlocked || !state.channel) throw unavailable('the message broker');
      return state.channel;
    },
  };
}

/** @returns a function that sets up a new connection and keeps `state` up to date */
function createSetUp(
  { logger, setUpStepTimeoutMs = SET_UP_STEP_TIMEOUT_MS }: ConnectionOptions,
  setUps: readonly SetUp[],
  state: ConnectionState,
  { onLost, onBlocked }: { onLost(): void; onBlocked(): void },
): (model: ChannelModel) => Promise<void> {
  const step = setUpStepWithin(setUpStepTimeoutMs);
  const setUpConnection = createConnectionSetUp({ setUps, step, logger, isStopped: () => state.isStopped });
  return async (model) => {
    state.model = model;
    state.isBlocked = false;
    watchBlocking(model, (reason) => {
      state.isBlocked = reason !== undefined;
      if (!state.isBlocked) return;
      logger.warn({ reason }, 'the broker has stopped accepting messages');
      onBlocked();
    });
    try {
      state.channel = await setUpConnection(model);
    } catch (error) {
      onLost(); // the channels opened so far are dead, so notify their owners
      throw error;
    }
  };
}

interface ConnectionHandlers {
  /** Sets up each new connection, before `onConnected`. */
  setup(model: ChannelModel): Promise<void>;
  onConnected(): void;
  onLost(): void;
}

/** Connects, and reconnects whenever the connection is lost. */
async function connectAndRecover(
  { url, name, logger }: ConnectionOptions,
  { setup, onConnected, onLost }: ConnectionHandlers,
): Promise<RecoveringChannelModel> {
  // Without noDelay every request/reply waits for a delayed ACK: 44 per second instead of 2,500.
  const connection = await connect(
    ...brokerAddress(withHeartbeat(url), {
      noDelay: true,
      keepAlive: true,
      timeout: CONNECT_TIMEOUT_MS,
      clientProperties: { connection_name: name },
      recovery: { initialDelay: 100, maxDelay: 2_000, waitForConnect: false, setup },
    }),
  );
  connection.on('connect', onConnected);
  connection.on('disconnect', (error: Error) => {
    logger.warn({ reason: error.message }, 'lost the connection to the broker');
    onLost();
  });
  connection.on('reconnect-scheduled', ({ attempt, delay, error }) => {
    const level = attempt % LOG_EVERY_ATTEMPT === 1 ? 'warn' : 'debug';
    logger[level]({ attempt, delayMs: delay, reason: error.message }, 'no connection to the broker yet');
  });
  connection.on('error', () => undefined); // 'disconnect' follows
  return connection;
}

/**
 * Listens on the model because the recovering connection doesn't forward events during set-up.
 * @param onChange gets the broker's reason when it stops accepting messages, and nothing when it accepts them again
 */
function watchBlocking(model: ChannelModel, onChange: (reason?: string) => void): void {
  model.on('blocked', onChange);
  model.on('unblocked', () => onChange());
}

async function close(connection: RecoveringChannelModel, { model }: ConnectionState, logger: Logger): Promise<void> {
  const flushAndClose = async () => {
    if (model) await flushChannels(model);
    await connection.close();
  };
  await within(CLOSE_TIMEOUT_MS, flushAndClose()).catch((error: unknown) =>
    logger.warn({ err: error }, 'cut the connection to the broker because it did not close'),
  );
  if (model) socketOf(model).destroy(new Error('stopped'));
}

function withHeartbeat(url: string): string {
  const parsed = new URL(url);
  if (!parsed.searchParams.has('heartbeat')) parsed.searchParams.set('heartbeat', String(HEARTBEAT_S));
  return parsed.toString();
}
