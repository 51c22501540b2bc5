import type { Logger } from '@souk/service';
import type { Channel, ChannelModel, ConfirmChannel } from 'amqplib';
import type { SetUpStep } from './set-up-step';

/**
 * A channel that dies while its connection lives would leave its owner deaf. Then the whole connection is closed, and comes
 * back with everything set up anew.
 */
function guard<C extends Channel>(model: ChannelModel, channel: C, logger: Logger): C {
  channel.on('error', (error: Error) => logger.error({ reason: error.message }, 'a channel failed; reconnecting'));
  channel.on('close', () => {
    model.close().catch(() => undefined); // already closing when the connection itself went
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
