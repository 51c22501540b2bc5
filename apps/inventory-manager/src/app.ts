import { migrateWhenUp, openDatabase } from '@souk/database';
import { createGrpcServer, implementService, inventoryService } from '@souk/grpc';
import { createHealthServer } from '@souk/http';
import { every, unavailable, type App, type AppContext } from '@souk/service';
import type { Config } from './config';
import { createInventoryMetrics } from './inventory-metrics';
import { createLane } from './lane/lane';
import { migrations } from './migrations';
import { createProductStore } from './product-store';
import { inventoryHandlers } from './rpc';
import { sweepExpired } from './sweep-expired';

const SWEEP_INTERVAL_MS = 1_000;

export interface InventoryApp extends App {
  /** The port the service listens on, once started. */
  grpcPort(): number;
}

export interface Overrides {
  /** Tests of what holds without the sweep turn it off. */
  isSweepOff?: boolean;
}

/** Makes every adapter once and wires them. */
export function buildApp(
  config: Config,
  { logger, metrics: registry }: AppContext,
  overrides: Overrides = {},
): InventoryApp {
  const db = openDatabase(config.INVENTORY_DATABASE_URL, config, registry);
  const metrics = createInventoryMetrics(registry);
  const lane = createLane({ db, ttlMs: config.RESERVATION_TTL * 1_000, metrics });
  const products = createProductStore(db);

  let isMigrated = false;
  const requireSchema = () => {
    if (!isMigrated) throw unavailable('the inventory');
  };
  const checks = {
    database: async () => {
      requireSchema();
      await db.ping();
    },
  };
  const grpc = createGrpcServer({
    host: config.SOUK_BIND,
    port: config.GRPC_PORT,
    services: [implementService(inventoryService, inventoryHandlers({ lane, products }))],
    requireReady: requireSchema,
    checks,
    logger,
    metrics: registry,
  });
  const health = createHealthServer({
    host: config.SOUK_BIND,
    port: config.HEALTH_PORT,
    checks,
    metrics: registry,
    logger,
  });

  const stopping = new AbortController();
  let sweep: ReturnType<typeof every> | undefined;

  const migrateAndSweep = async () => {
    await migrateWhenUp(config.INVENTORY_DATABASE_URL, migrations, { logger, signal: stopping.signal });
    isMigrated = true;
    logger.info('the schema is up to date');
    if (overrides.isSweepOff || stopping.signal.aborted) return;
    sweep = every(SWEEP_INTERVAL_MS, 'the sweep of expired reservations', logger, () => sweepExpired({ db, lane }));
  };

  return {
    start: async () => {
      // Listening comes first: until the database is there, calls are answered with UNAVAILABLE and readiness says no.
      await health.start();
      await grpc.start();
      migrateAndSweep().catch((error: unknown) => {
        if (!stopping.signal.aborted) throw error;
      });
    },
    stop: async () => {
      health.reportStopping();
      stopping.abort();
      await grpc.stop();
      await sweep?.stop();
      await lane.drain();
      await health.stop();
      await db.close();
    },
    grpcPort: () => grpc.port(),
  };
}
