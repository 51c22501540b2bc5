import { createAccess, createKeyStore, keyMigrations } from '@souk/access';
import { fraudExchange, MONITORING_API_DESCRIPTION } from '@souk/contracts';
import { openOwnedSchema, type OwnedSchema } from '@souk/database';
import { grpcCredentials } from '@souk/grpc';
import { createHttpApp, httpOptionsOf, problemFailures, type HttpApp } from '@souk/http';
import { createBroker, createOutboxRelay, createPublisher, observeConsumers, type Broker } from '@souk/messaging';
import type { App, AppContext, Logger } from '@souk/service';
import type { Config } from './config';
import { consumerFactories } from './consumer-factories';
import { QUEUES } from './ingestion/consume-transactions';
import { createConsumerMetrics } from './ingestion/consumer-metrics';
import { runConsumer, type RunConsumerDeps } from './ingestion/run-consumer';
import { createUnappliedCount } from './ingestion/unapplied-events';
import { createWalletEvents, type WalletEvents } from './ingestion/wallet-events';
import { bindKeyRoutes } from './keys/routes';
import { migrations } from './migrations';
import { createWebhookMetrics } from './notifications/webhooks/webhook-metrics';
import { bindRoutes } from './routes';

export interface MonitoringApp extends App {
  /** The port of the Monitoring API, once started. */
  port(): number;
}

const usedBy = (consumers: readonly { name: keyof typeof QUEUES }[]) => ({
  consumes: consumers.map(({ name }) => QUEUES[name]),
  sendsTo: [fraudExchange],
});

/** Creates every adapter once and wires them together. Tests pass their own `factories`. */
export function buildApp(config: Config, context: AppContext, factories = consumerFactories): MonitoringApp {
  const { logger, metrics } = context;
  const schema = openOwnedSchema({
    url: config.MONITORING_DATABASE_URL,
    migrations,
    settings: config,
    logger,
    metrics,
    name: 'the schema',
  });
  const { db, requireReady } = schema;
  const broker = createBroker({ url: config.RABBITMQ_URL, name: 'monitoring', logger });
  const wallet = createWalletEvents({ address: config.WALLET_ADDRESS, ...grpcCredentials(config) });
  const webhookMetrics = createWebhookMetrics(metrics, db);
  const consumers = config.CONSUMERS.flatMap((name) => factories[name]?.({ config, db, logger, webhookMetrics }) ?? []);
  const publisher = createPublisher(broker, logger, usedBy(consumers));
  const outbox = createOutboxRelay(db, publisher, logger);

  const http = createHttp(config, context, { checkDatabase: schema.check, broker, wallet });
  const unappliedEvents = createUnappliedCount({ db, wallet, logger }, 'analytics');
  bindRoutes(http, { db, settings: config, metrics: webhookMetrics, unappliedEvents, requireReady });
  const keySchema = openKeySchema(config, http, logger);

  const stopping = new AbortController();
  const deps: RunConsumerDeps = {
    ...{ db, wallet, outbox, broker, publisher, logger, signal: stopping.signal },
    ...{ batchMax: config.BATCH_MAX, catchUpIntervalMs: config.CATCH_UP_INTERVAL * 1_000 },
    ...{ metrics: createConsumerMetrics(metrics), createConsumerObserver: observeConsumers(metrics) },
  };
  let runningConsumers: { stop(): Promise<void> }[] = [];
  const startConsumers = async () => {
    await schema.bringUp(stopping.signal);
    if (stopping.signal.aborted) return;
    runningConsumers = consumers.map((consumer) => runConsumer(deps, consumer));
    outbox.start();
    broker.start();
  };
  let starting: Promise<unknown> | undefined;

  return {
    start: async () => {
      await http.start();
      // Engines may come up later. Until then the process is live but not ready.
      starting = Promise.all([startConsumers(), keySchema?.bringUp(stopping.signal)]).catch((error: unknown) => {
        if (!stopping.signal.aborted) throw error;
      });
    },
    stop: async () => {
      stopping.abort();
      await Promise.all([http.stop(), starting]);
      // In parallel, because the whole process has ten seconds to stop.
      await Promise.all(runningConsumers.map((consumer) => consumer.stop()));
      await outbox.stop();
      await broker.stop();
      wallet.close();
      await Promise.all([db.close(), keySchema?.db.close()]);
    },
    port: http.port,
  };
}

/** Opens the schema with the API keys of all services, which this app owns, and binds its routes; if the settings name it. */
function openKeySchema(config: Config, http: HttpApp, logger: Logger): OwnedSchema | undefined {
  const url = config.ACCESS_DATABASE_URL;
  if (url === undefined) return undefined;
  const schema = openOwnedSchema({
    url,
    migrations: keyMigrations,
    settings: config,
    logger,
    name: 'The schema of the API keys',
  });
  bindKeyRoutes(http, { keys: createKeyStore(schema.db), requireReady: schema.requireReady });
  return schema;
}

interface HttpDeps {
  checkDatabase(): Promise<void>;
  broker: Broker;
  wallet: WalletEvents;
}

const createHttp = (config: Config, { logger, metrics }: AppContext, { checkDatabase, broker, wallet }: HttpDeps) =>
  createHttpApp({
    ...httpOptionsOf(config),
    service: MONITORING_API_DESCRIPTION,
    format: problemFailures,
    logger,
    metrics,
    checks: {
      broker: () => broker.ping(),
      database: checkDatabase,
    },
    // Reads of derived data don't need the wallet: while it is down, the data is stale but not wrong.
    informationalChecks: { wallet: () => wallet.ping() },
    access: createAccess(config, { logger, metrics }),
  });
