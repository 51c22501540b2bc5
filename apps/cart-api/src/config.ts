import { checkAccessSettings } from '@souk/access';
import { grpcSettings } from '@souk/grpc';
import { httpSettings } from '@souk/http';
import { commonSettings, integerSetting, portSetting } from '@souk/service';
import { engineUrlSetting } from '@souk/tls';
import { z } from 'zod';

/** Settings of the cart API. */
export const configSchema = checkAccessSettings(
  z.object({
    ...commonSettings,
    ...grpcSettings,
    PORT: portSetting.default(5003).describe('Serves the Cart API and the health pages'),
    RABBITMQ_URL: engineUrlSetting('amqp').describe('amqp://user:password@host:port/vhost'),
    INVENTORY_ADDRESS: z
      .string()
      .min(1)
      .describe('gRPC target of the inventory managers: ipv4:host:port,host:port or dns:///host:port'),
    ...httpSettings,
    ANSWER_TIMEOUT_MS: integerSetting(100, 60_000)
      .default(5_000)
      .describe('Maximum wait for the cart worker and the inventory; then the request gets 504'),
  }),
);

export type Config = z.infer<typeof configSchema>;
