import { fraudExchange, MONITORING_API_DESCRIPTION } from '@souk/contracts';
import { openOwnedSchema } from '@souk/database';
import { createHttpApp, problemFailures } from '@souk/http';
import { createBroker, createOutboxRelay, createPublisher, observeConsumers } from '@souk/messaging';
import type { App, AppContext } from '@souk/service';
import type { Config } from './config';
import type { Consumer } from './consumer';
import { consumerFactories } from './consumers';
import type { DeliveryDeps } from './delivery/apply-events';
import { catchUp } from './delivery/catch-up';
import { startCatchUp } from './delivery/catch-up-turns';
import { consumeTransactions, QUEUES } from './delivery/consume-transactions';
import { createDeliveryMetrics } from './delivery/delivery-metrics';
import { createUnappliedCount } from './delivery/unapplied-events';
import { createWalletEvents } from './delivery/wallet-events';
import { migrations } from './migrations';
import { createWebhookMetrics } from './notifications/webhooks/webhook-metrics';
import { bindRoutes } from './routes';

export interface ConsumersApp extends App {
  /** The port of the Monitoring API, once started. */
  port(): number;
}

/** Creates every adapter once and wires them together. Tests pass their own `factories`. */
export function buildApp(config: Config, context: AppContext, factories = consumerFactories): ConsumersApp {
  const { logger, metrics: registry } = context;
  const schema = openOwnedSchema({
    url: config.MONITORING_DATABASE_URL,
    migrations,
    settings: config,
    logger,
    metrics: registry,
    name: 'the schema',
  });
  const { db } = schema;
  const broker = createBroker({ url: config.RABBITMQ_URL, name: 'monitoring', logger });
  const wallet = createWalletEvents(config.WALLET_ADDRESS);
  const webhookMetrics = createWebhookMetrics(registry, db);
  const consumers = config.CONSUMERS.flatMap((name) => factories[name]?.({ config, db, logger, webhookMetrics }) ?? []);
  const queues = consumers.map(({ name }) => QUEUES[name]);
  const publisher = createPublisher(broker, logger, [...queues, fraudExchange]);
  const outbox = createOutboxRelay(db, publisher, logger);

  const http = createHttpApp({
    host: config.SOUK_BIND,
    port: config.PORT,
    service: MONITORING_API_DESCRIPTION,
    format: problemFailures,
    logger,
    metrics: registry,
    checks: {
      broker: () => broker.ping(),
      database: schema.check,
    },
    // Reads of derived data don't need the wallet: while it is down, the data is late but not wrong.
    watched: { wallet: () => wallet.ping() },
    adminKey: config.ADMIN_API_KEY,
    corsOrigins: config.CORS_ORIGINS,
    inFlightMax: config.IN_FLIGHT_MAX,
    shutdownDelayMs: config.SHUTDOWN_DELAY_MS,
    apiLinks: config.API_LINKS,
  });
  bindRoutes(http, {
    db,
    settings: config,
    metrics: webhookMetrics,
    unappliedEvents: createUnappliedCount({ db, wallet, logger }, 'analytics'),
    requireReady: schema.requireReady,
  });

  const stopping = new AbortController();
  let working: Promise<void> | undefined;
  const started: { stop(): Promise<void> }[] = [];

  const metrics = createDeliveryMetrics(registry);
  const observed = observeConsumers(registry);

  /** Each consumer has its own queue, batch in flight and catch-up, so none waits for another. */
  const run = (consumer: Consumer) => {
    const deps: DeliveryDeps = { consumer, db, wallet, outbox, metrics, logger, signal: stopping.signal };
    const consuming = { broker, publisher, batchMax: config.BATCH_MAX, ...observed(QUEUES[consumer.name].name) };
    started.push(consumeTransactions(consuming, deps));
    const turns = startCatchUp(config.CATCH_UP_INTERVAL * 1_000, consumer.name, logger, () => catchUp(deps));
    // Messages published before the queue was bound never reached it, so every connection triggers a catch-up.
    broker.onConnected(turns.request);
    started.push(turns);
    consumer.start?.();
    started.push({ stop: async () => consumer.stop?.() });
  };

  const work = async () => {
    await schema.bringUp(stopping.signal);
    if (stopping.signal.aborted) return;
    consumers.forEach(run);
    outbox.start();
    broker.start();
  };

  return {
    start: async () => {
      await http.start();
      // Engines may come up later. Until then the process is live but not ready.
      working = work().catch((error: unknown) => {
        if (!stopping.signal.aborted) throw error;
      });
    },
    stop: async () => {
      stopping.abort();
      await Promise.all([http.stop(), working]);
      // In parallel: together they have ten seconds.
      await Promise.all(started.map((each) => each.stop()));
      await outbox.stop();
      await broker.stop();
      wallet.close();
      await db.close();
    },
    port: http.port,
  };
}
