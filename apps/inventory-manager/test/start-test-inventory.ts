import { createInventoryClient, type InventoryClient } from '@souk/grpc';
import { createLogger, createMetrics, type Registry } from '@souk/service';
import { eventually, freePort } from '@souk/testing';
import { buildApp, type Overrides } from '../src/app';
import { configSchema } from '../src/config';

export interface TestInventory {
  client: InventoryClient;
  /** The port that the service listens on once it is ready. */
  grpcPort: number;
  metrics: Registry;
  stop(): Promise<void>;
}

/** Starts the service as `main.ts` does, on free ports, and a client for it. */
export async function startTestInventory(
  databaseUrl: string,
  { ttlSeconds = 600, isReady = true, ...overrides }: { ttlSeconds?: number; isReady?: boolean } & Overrides = {},
): Promise<TestInventory> {
  const settings = { INVENTORY_DATABASE_URL: databaseUrl, RESERVATION_TTL: ttlSeconds };
  const config = { ...configSchema.parse(settings), GRPC_PORT: await freePort(), HEALTH_PORT: 0 };
  const metrics = createMetrics('inventory-manager');
  const app = buildApp(config, { logger: createLogger('inventory-manager', 'silent'), metrics }, overrides);
  await app.start();
  const client = createInventoryClient({ address: `ipv4:127.0.0.1:${config.GRPC_PORT}`, deadlineMs: 20_000 });
  if (isReady) await eventually(() => client.ping());
  return {
    client,
    grpcPort: config.GRPC_PORT,
    metrics,
    stop: async () => {
      client.close();
      await app.stop();
    },
  };
}
