import { openOwnedSchema, startPurge, type Database } from '@souk/database';
import { createGrpcServer, grpcCredentials, implementService, inventoryService } from '@souk/grpc';
import { createHealthServer } from '@souk/http';
import { runEvery, type App, type AppContext, type Logger } from '@souk/service';
import { KEY_KEPT_DAYS, type Config } from './config';
import { createInventoryMetrics } from './inventory-metrics';
import { createLane, type Lane } from './lane/lane';
import { migrations } from './migrations';
import { createProductStore } from './products/product-store';
import { sweepExpired } from './reservations/sweep-expired';
import { inventoryHandlers } from './rpc';

const SWEEP_INTERVAL_MS = 5_000;
const HOUR_MS = 3_600_000;

export interface Overrides {
  /** Turns the sweep off, for tests of behaviour that must not depend on it. */
  isSweepOff?: boolean;
}

/** Creates every adapter once and wires them up. */
export function buildApp(config: Config, { logger, metrics }: AppContext, overrides: Overrides = {}): App {
  const schema = openOwnedSchema({
    url: config.INVENTORY_DATABASE_URL,
    migrations,
    settings: config,
    logger,
    metrics,
    name: 'the inventory',
  });
  const { db } = schema;
  const lane = createLane({
    db,
    ttlMs: config.RESERVATION_TTL * 1_000,
    answerKeptMs: config.IDEMPOTENCY_ANSWER_HOURS * HOUR_MS,
    metrics: createInventoryMetrics(metrics),
  });
  const handlers = inventoryHandlers({ lane, products: createProductStore(db) });
  const services = [implementService(inventoryService, handlers)];
  const checks = { database: schema.check };
  const serverOptions = { host: config.SOUK_BIND, checks, metrics, logger };
  const grpc = createGrpcServer({ ...serverOptions, port: config.GRPC_PORT, ...grpcCredentials(config), services });
  const health = createHealthServer({ ...serverOptions, port: config.HEALTH_PORT });

  const stopping = new AbortController();
  const periodicWork: ReturnType<typeof runEvery>[] = [];
  let grpcStart: Promise<void> | undefined;

  const startWork = async () => {
    await schema.bringUp(stopping.signal);
    if (stopping.signal.aborted) return;
    // Listens only now: callers spread their calls over all replicas that listen.
    grpcStart = grpc.start();
    await grpcStart;
    if (overrides.isSweepOff || stopping.signal.aborted) return;
    periodicWork.push(...startPeriodicWork(config, { db, lane, logger }));
  };

  return {
    start: async () => {
      await health.start();
      // The database may come up later; until then the process is alive but not ready.
      startWork().catch((error: unknown) => {
        if (!stopping.signal.aborted) throw error;
      });
    },
    stop: async () => {
      health.reportStopping();
      stopping.abort();
      await grpcStart?.catch(() => undefined);
      await grpc.stop();
      for (const work of periodicWork) await work.stop();
      await lane.drain();
      await health.stop();
      await db.close();
    },
  };
}

function startPeriodicWork(config: Config, { db, lane, logger }: { db: Database; lane: Lane; logger: Logger }) {
  const keptHours = KEY_KEPT_DAYS * 24 + config.IDEMPOTENCY_ANSWER_HOURS;
  return [
    runEvery(SWEEP_INTERVAL_MS, 'the sweep of expired reservations', logger, () => sweepExpired({ db, lane })),
    startPurge(db, 'stock_change_answer', keptHours, logger),
  ];
}
