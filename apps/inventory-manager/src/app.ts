import { openOwnedSchema, startPurge } from '@souk/database';
import { createGrpcServer, implementService, inventoryService } from '@souk/grpc';
import { createHealthServer } from '@souk/http';
import { every, type App, type AppContext } from '@souk/service';
import { KEY_KEPT_DAYS, type Config } from './config';
import { createInventoryMetrics } from './inventory-metrics';
import { createLane } from './lane/lane';
import { migrations } from './migrations';
import { createProductStore } from './products/product-store';
import { sweepExpired } from './reservations/sweep-expired';
import { inventoryHandlers } from './rpc';

const SWEEP_INTERVAL_MS = 1_000;
const HOUR_MS = 3_600_000;

export interface Overrides {
  /** Turns the sweep off, for tests that must hold without it. */
  isSweepOff?: boolean;
}

/** Creates every adapter once and wires them up. */
export function buildApp(config: Config, { logger, metrics: registry }: AppContext, overrides: Overrides = {}): App {
  const schema = openOwnedSchema({
    url: config.INVENTORY_DATABASE_URL,
    migrations,
    settings: config,
    logger,
    metrics: registry,
    name: 'the inventory',
  });
  const { db } = schema;
  const metrics = createInventoryMetrics(registry);
  const lane = createLane({
    db,
    ttlMs: config.RESERVATION_TTL * 1_000,
    answerKeptMs: config.IDEMPOTENCY_ANSWER_HOURS * HOUR_MS,
    metrics,
  });
  const products = createProductStore(db);

  const checks = { database: schema.check };
  const grpc = createGrpcServer({
    host: config.SOUK_BIND,
    port: config.GRPC_PORT,
    services: [implementService(inventoryService, inventoryHandlers({ lane, products }))],
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
  const turns: ReturnType<typeof every>[] = [];
  let listening: Promise<void> | undefined;

  const work = async () => {
    await schema.bringUp(stopping.signal);
    if (stopping.signal.aborted) return;
    // Listens only now, because callers spread their calls over all listening replicas.
    listening = grpc.start();
    await listening;
    if (overrides.isSweepOff || stopping.signal.aborted) return;
    turns.push(
      every(SWEEP_INTERVAL_MS, 'the sweep of expired reservations', logger, () => sweepExpired({ db, lane })),
      startPurge(db, 'stock_change_answer', KEY_KEPT_DAYS * 24 + config.IDEMPOTENCY_ANSWER_HOURS, logger),
    );
  };

  return {
    start: async () => {
      // The database may come up later; until then the process is alive but not ready.
      await health.start();
      work().catch((error: unknown) => {
        if (!stopping.signal.aborted) throw error;
      });
    },
    stop: async () => {
      health.reportStopping();
      stopping.abort();
      await listening?.catch(() => undefined);
      await grpc.stop();
      for (const each of turns) await each.stop();
      await lane.drain();
      await health.stop();
      await db.close();
    },
  };
}
