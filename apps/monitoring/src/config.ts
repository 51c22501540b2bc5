import { checkAccessSettings } from '@souk/access';
import { databaseSettings } from '@souk/database';
import { grpcSettings } from '@souk/grpc';
import { httpSettings } from '@souk/http';
import { commonSettings, integerSetting, portSetting } from '@souk/service';
import { engineUrlSetting } from '@souk/tls';
import { z } from 'zod';
import { CONSUMER_NAMES } from './consumer';
import { fraudSettings } from './fraud/settings';
import { notificationSettings } from './notifications/settings';

const consumerList = z
  .string()
  .default(CONSUMER_NAMES.join(','))
  .transform((text) => [...new Set(text.split(',').map((name) => name.trim()))].filter((name) => name !== ''))
  .pipe(z.array(z.enum(CONSUMER_NAMES)));

/** Settings of the consumers of the wallet's events. */
export const configSchema = checkAccessSettings(
  z.object({
    ...commonSettings,
    ...grpcSettings,
    PORT: portSetting.default(5006).describe('Serves the Monitoring API and the health pages'),
    CONSUMERS: consumerList.describe(
      'Consumers that this process runs, separated by commas; its API always serves the data of all of them',
    ),
    RABBITMQ_URL: engineUrlSetting('amqp').describe('amqp://user:password@host:port/vhost'),
    MONITORING_DATABASE_URL: engineUrlSetting('mysql').describe('mysql://user:password@host:port/monitoring'),
    WALLET_ADDRESS: z.string().min(1).describe('gRPC target of the wallet, the source of all events'),
    BATCH_MAX: integerSetting(1, 1_000).default(256).describe('Maximum number of messages applied in one transaction'),
    CATCH_UP_INTERVAL: integerSetting(1, 3_600)
      .default(60)
      .describe("Seconds between checks for wallet events whose message didn't arrive"),
    ...fraudSettings,
    ...notificationSettings,
    ...httpSettings,
    ...databaseSettings,
  }),
);

export type Config = z.infer<typeof configSchema>;
