import { ORDER_LINES_MAX } from '@souk/contracts';
import { databaseSettings } from '@souk/database';
import { grpcSettings } from '@souk/grpc';
import { commonSettings, integerSetting, portSetting } from '@souk/service';
import { engineUrlSetting } from '@souk/tls';
import { z } from 'zod';

/** Settings of the cart worker. */
export const configSchema = z.object({
  ...commonSettings,
  ...grpcSettings,
  HEALTH_PORT: portSetting.default(5103).describe('Serves /healthz, /readyz and /metrics'),
  RABBITMQ_URL: engineUrlSetting('amqp').describe('amqp://user:password@host:port/vhost'),
  CART_DATABASE_URL: engineUrlSetting('mysql').describe('mysql://user:password@host:port/cart'),
  INVENTORY_ADDRESS: z
    .string()
    .min(1)
    .describe('gRPC target of the inventory managers: ipv4:host:port,host:port or dns:///host:port'),
  BATCH_MAX: integerSetting(1, 1_000).default(256).describe('Maximum number of jobs applied in one transaction'),
  CART_LINES_MAX: integerSetting(1, ORDER_LINES_MAX)
    .default(1_000)
    .describe('Maximum number of lines in a cart; adding another is refused with CART_FULL'),
  ORDER_RECHECK: integerSetting(1, 3_600)
    .default(60)
    .describe(
      'Seconds after which the job of an order that is still processing is resent; doubles each time, up to 16 times this',
    ),
  IDEMPOTENCY_ANSWER_HOURS: integerSetting(24, 720)
    .default(24)
    .describe(
      'Hours for which the answer to a request with an idempotency key is kept; the key is kept 30 days longer',
    ),
  ...databaseSettings,
});

export type Config = z.infer<typeof configSchema>;

/** Number of days for which a key is kept after its answer has expired. */
export const KEY_KEPT_DAYS = 30;
