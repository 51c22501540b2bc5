import { READINESS_EXCHANGE } from '@souk/contracts';
import type { Logger } from '@souk/service';
import type { ChannelModel, ConfirmChannel } from 'amqplib';
import type { Socket } from 'node:net';
import { ensureExchange } from './declare-topology';
import { openConfirmChannel } from './open-channel';
import { probeBroker } from './probe-broker';
import type { SetUpStep } from './set-up-step';

export type SetUp = (model: ChannelModel, step: SetUpStep) => Promise<void>;

interface ConnectionSetUpOptions {
  /** Run in order on each new connection. */
  setUps: readonly SetUp[];
  step: SetUpStep;
  logger: Logger;
  isStopped(): boolean;
}

/**
 * Sets up each new connection: checks the broker, declares the exchange for checking confirms, and runs the set-ups. If one fails,
 * it cuts the connection and rejects, so that the library reconnects. An error is logged once, however often it is repeated.
 * @returns a function that returns a channel for checking that the broker confirms messages
 */
export function createConnectionSetUp({ setUps, step, logger, isStopped }: ConnectionSetUpOptions) {
  let lastReason = '';
  let lastWarning: string | undefined;

  const run = async (model: ChannelModel): Promise<ConfirmChannel> => {
    let isClosed = false;
    model.on('error', () => undefined); // the set-up itself reports a connection that is lost during it
    model.on('close', () => (isClosed = true));
    const warning = probeBroker(model);
    if (warning && warning !== lastWarning) logger.warn(warning);
    lastWarning = warning;
    await ensureExchange(model, READINESS_EXCHANGE, 'fanout', step);
    for (const setUp of setUps) await setUp(model, step);
    const channel = await openConfirmChannel(model, logger, step);
    // The library watches for a closed connection only after this function returns. It would never notice one that closed
    // in the same turn of the event loop as the last response.
    await new Promise(setImmediate);
    if (isClosed) throw new Error('the connection closed during its set-up');
    lastReason = '';
    return channel;
  };

  return async (model: ChannelModel): Promise<ConfirmChannel> => {
    try {
      return await run(model);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (reason !== lastReason && !isStopped())
        logger.error({ reason }, 'the connection to the broker cannot be set up; trying again');
      lastReason = reason;
      // A hanging broker wouldn't respond to a close either, so cut the connection before the library sends one and waits.
      socketOf(model).destroy(new Error(reason));
      await new Promise(setImmediate);
      throw error;
    }
  };
}

/** The library has no other way to drop a connection that doesn't close. */
export const socketOf = (model: ChannelModel): Socket => (model.connection as unknown as { stream: Socket }).stream;
