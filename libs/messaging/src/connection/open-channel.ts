import type { Logger } from '@souk/service';
import type { Channel, ChannelModel, ConfirmChannel } from 'amqplib';
import type { SetUpStep } from './set-up-step';

/**
 * Closes the whole connection when a channel fails, so that reconnecting repeats every set-up. Otherwise the channel's owner
 * would silently receive nothing more.
 */
function guard<C extends Channel>(model: ChannelModel, channel: C, logger: Logger): C {
  channel.on('error', (error: Error) => logger.error({ reason: error.message }, 'a channel failed; reconnecting'));
  channel.on('close', () => {
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
