import { databaseSettings } from '@souk/database';
import { checkGrpcToken, grpcSettings } from '@souk/grpc';
import { commonSettings, integerSetting, portSetting } from '@souk/service';
import { engineUrlSetting } from '@souk/tls';
import { z } from 'zod';

const DAY_S = 86_400;

/** Settings of the inventory manager. */
export const configSchema = checkGrpcToken(
  z.object({
    ...commonSettings,
    ...grpcSettings,
    GRPC_PORT: portSetting.default(9100).describe('Serves inventory.v1.InventoryService'),
    HEALTH_PORT: portSetting.default(5105).describe('Serves /healthz, /readyz and /metrics'),
    INVENTORY_DATABASE_URL: engineUrlSetting('mysql').describe('mysql://user:password@host:port/inventory'),
    RESERVATION_TTL: integerSetting(1, DAY_S).default(600).describe('Seconds for which a reservation holds its stock'),
    IDEMPOTENCY_ANSWER_HOURS: integerSetting(24, 720)
      .default(24)
      .describe(
        'Hours for which the answer to a stock change with an idempotency key is kept; the key is kept 30 days longer',
      ),
    ...databaseSettings,
  }),
);

export type Config = z.infer<typeof configSchema>;

/** Number of days for which a key is kept after its answer has expired. */
export const KEY_KEPT_DAYS = 30;
