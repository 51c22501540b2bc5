import type { Logger } from '@souk/service';
import type { Channel, ChannelModel, ConfirmChannel } from 'amqplib';
import type { SetUpStep } from './set-up-step';

/** The open channels of each connection. */
const channelsOf = new WeakMap<ChannelModel, Set<Channel>>();

/**
 * Closes the whole connection when a channel fails, so that reconnecting repeats every set-up. Otherwise the channel's owner
 * would silently receive nothing more.
 */
function guard<C extends Channel>(model: ChannelModel, channel: C, logger: Logger): C {
  const channels = channelsOf.get(model) ?? new Set();
  channelsOf.set(model, channels.add(channel));
  channel.on('error', (error: Error) => logger.error({ reason: error.message }, 'a channel failed; reconnecting'));
  channel.on('close', () => {
    channels.delete(channel);
    model.close().catch(() => undefined); // already closing if the connection itself was lost
  });
  return channel;
}

export const openChannel = async (model: ChannelModel, logger: Logger, step: SetUpStep): Promise<Channel> =>
  guard(model, await step('opening a channel', model.createChannel()), logger);

export const openConfirmChannel = async (
  model: ChannelModel,
  logger: Logger,
  step: SetUpStep,
): Promise<ConfirmChannel> => guard(model, await step('opening a channel', model.createConfirmChannel()), logger);

/**
 * Waits for a response of the broker on a channel. Changing the prefetch count needs no permission, and applies only to consumers
 * that start later.
 */
export async function roundTrip(channel: Channel): Promise<void> {
  await channel.prefetch(0);
}

/**
 * Resolves when the broker has processed everything that was sent on the channels of a connection. The library sends the close of
 * a connection ahead of what its channels still buffer, so acknowledgements and messages sent just before it would be lost.
 */
export async function flushChannels(model: ChannelModel): Promise<void> {
  const channels = [...(channelsOf.get(model) ?? [])];
  // A channel that is closing throws; the others are still flushed.
  await Promise.allSettled(channels.map(roundTrip));
}
