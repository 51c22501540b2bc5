import {
  cartJobsQueue,
  cartQueriesQueue,
  CART_QUERIES,
  checkoutJobsQueue,
  checkoutResultsQueue,
  ordersExchange,
  type CartQueryReply,
} from '@souk/contracts';
import { openOwnedSchema, startPurge } from '@souk/database';
import { grpcCredentials } from '@souk/grpc';
import { createHealthServer } from '@souk/http';
import { createBroker, createOutboxRelay, createPublisher, serveQueries } from '@souk/messaging';
import { runEvery, type App, type AppContext } from '@souk/service';
import { answerQueries } from './answer-queries';
import { applyCartJobs } from './apply-cart-jobs';
import { KEY_KEPT_DAYS, type Config } from './config';
import { createInventory, type Inventory } from './inventory';
import { consumeCartJobs, consumeCheckoutResults } from './jobs';
import { migrations } from './migrations';
import { recheckOrders } from './orders/recheck-orders';
import { replaceRefused } from './orders/replace-refused';
import { settleOrders, type SettleOrdersDeps } from './orders/settle-orders';
import { weighCartJobs, weighCheckoutResults } from './weigh-messages';
import { createWorkerMetrics } from './worker-metrics';

/** Maximum number of queries answered together. It bounds the number of large queries that a small one waits for. */
const QUERY_BATCH_MAX = 64;
const HOUR_MS = 3_600_000;

/** Creates every adapter once and wires them up. `overrides` replaces remote clients in tests. */
export function buildApp(config: Config, context: AppContext, overrides: { inventory?: Inventory } = {}): App {
  const { logger } = context;
  const adapters = createAdapters(config, context, overrides);
  const { schema, db, inventory, broker, outbox } = adapters;
  const stopping = new AbortController();
  const startedWork: { stop(): Promise<void> }[] = [];
  let startup: Promise<void> | undefined;

  const health = createHealthServer({
    host: config.SOUK_BIND,
    port: config.HEALTH_PORT,
    logger,
    metrics: context.metrics,
    checks: {
      broker: () => broker.checkPublishing(),
      database: schema.check,
      inventory: () => inventory.ping(),
    },
  });

  const startWork = async () => {
    await schema.bringUp(stopping.signal);
    if (stopping.signal.aborted) return;
    startedWork.push(...startConsumers(config, adapters), ...startPeriodicWork(config, adapters));
    outbox.start();
    broker.start();
  };

  return {
    start: async () => {
      await health.start();
      // Engines may come up later; until then the process is alive but not ready.
      startup = startWork().catch((error: unknown) => {
        if (!stopping.signal.aborted) throw error;
      });
    },
    stop: async () => {
      health.reportStopping();
      stopping.abort();
      await startup;
      await Promise.all(startedWork.map((work) => work.stop()));
      await outbox.stop();
      await broker.stop();
      inventory.close();
      await health.stop();
      await db.close();
    },
  };
}

type Adapters = ReturnType<typeof createAdapters>;

function createAdapters(config: Config, { logger, metrics }: AppContext, overrides: { inventory?: Inventory }) {
  const schema = openOwnedSchema({
    url: config.CART_DATABASE_URL,
    migrations,
    settings: config,
    logger,
    metrics,
    name: 'the schema',
  });
  const { db } = schema;
  const broker = createBroker({ url: config.RABBITMQ_URL, name: 'cart-worker', logger });
  const publisher = createPublisher(broker, logger, {
    consumes: [cartJobsQueue, cartQueriesQueue, checkoutResultsQueue],
    sendsTo: [checkoutJobsQueue, ordersExchange],
  });
  return {
    schema,
    db,
    broker,
    publisher,
    outbox: createOutboxRelay(db, publisher, logger, { replace: replaceRefused }),
    inventory:
      overrides.inventory ?? createInventory({ address: config.INVENTORY_ADDRESS, ...grpcCredentials(config) }),
    metrics: createWorkerMetrics(metrics),
    logger,
  };
}

/** Consumes jobs, results and queries. */
function startConsumers(config: Config, adapters: Adapters) {
  const { db, inventory, outbox, broker, publisher, metrics, logger } = adapters;
  const consumerDeps = { broker, publisher, logger, metrics, batchMax: config.BATCH_MAX };
  const applyDeps = {
    db,
    inventory,
    outbox,
    recheckSeconds: config.ORDER_RECHECK,
    answerKeptMs: config.IDEMPOTENCY_ANSWER_HOURS * HOUR_MS,
    linesMax: config.CART_LINES_MAX,
  };
  const settleDeps = { db, outbox, ...createSettleReporters(adapters) };
  const answerFailure: CartQueryReply = { unavailable: true };
  const consumers = [
    consumeCartJobs(consumerDeps, {
      apply: (jobs) => applyCartJobs(applyDeps, jobs),
      weigh: (jobs) => weighCartJobs(db, jobs),
    }),
    consumeCheckoutResults(consumerDeps, {
      settle: (results) => settleOrders(settleDeps, results),
      weigh: (results) => weighCheckoutResults(db, results),
    }),
  ];
  serveQueries(
    broker,
    { ...cartQueriesQueue, messages: CART_QUERIES },
    {
      logger,
      publisher,
      batchMax: QUERY_BATCH_MAX,
      answer: (queries) => answerQueries(db, queries),
      answerFailure,
    },
  );
  return consumers;
}

/** Reports results that contradict their order, and charges of orders that don't exist. */
const createSettleReporters = ({
  metrics,
  logger,
}: Adapters): Pick<SettleOrdersDeps, 'onContradiction' | 'onOrphan'> => ({
  onContradiction: (result, { orderID, status }) => {
    metrics.contradictions.inc();
    logger.error({ result: result.type, order: orderID, status }, 'a checkout result contradicts its order');
  },
  onOrphan: ({ data: { orderID } }) =>
    logger.error({ orderID }, "an order that doesn't exist was charged; its checkout is being undone"),
});

function startPeriodicWork(config: Config, { db, outbox, metrics, logger }: Adapters) {
  const recheckSeconds = config.ORDER_RECHECK;
  const recheckIntervalMs = Math.max(200, Math.min(5_000, recheckSeconds * 250));
  const keptHours = KEY_KEPT_DAYS * 24 + config.IDEMPOTENCY_ANSWER_HOURS;
  return [
    runEvery(recheckIntervalMs, 'the recheck of orders', logger, async () =>
      metrics.rechecked.inc(await recheckOrders({ db, outbox, recheckSeconds })),
    ),
    // Jobs whose ids have been purged are too old to be redriven. A key that is that old counts as new, except that a checkout
    // still finds its order.
    startPurge(db, 'inbox', keptHours, logger),
  ];
}
