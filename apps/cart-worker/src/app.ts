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
import { createHealthServer } from '@souk/http';
import { createBroker, createOutboxRelay, createPublisher, serveQueries } from '@souk/messaging';
import { every, type App, type AppContext } from '@souk/service';
import { answerQueries } from './answer-queries';
import { applyCartJobs } from './carts/apply-cart-jobs';
import { createInventory, type Inventory } from './carts/inventory';
import { weighCartJobs, weighCheckoutResults } from './carts/weigh-messages';
import { KEY_KEPT_DAYS, type Config } from './config';
import { consumeCartJobs, consumeCheckoutResults } from './jobs';
import { migrations } from './migrations';
import { recheckOrders } from './orders/recheck-orders';
import { replaceRefused } from './orders/replace-refused';
import { settleOrders } from './orders/settle-orders';
import { createWorkerMetrics } from './worker-metrics';

/** Maximum number of queries answered together, which bounds how many large ones a small one waits for. */
const QUERY_BATCH_MAX = 64;
const HOUR_MS = 3_600_000;

/** Creates every adapter once and wires them up. `overrides` replaces remote clients in tests. */
export function buildApp(
  config: Config,
  { logger, metrics: registry }: AppContext,
  overrides: { inventory?: Inventory } = {},
): App {
  const schema = openOwnedSchema({
    url: config.CART_DATABASE_URL,
    migrations,
    settings: config,
    logger,
    metrics: registry,
    name: 'the schema',
  });
  const { db } = schema;
  const metrics = createWorkerMetrics(registry);
  const inventory = overrides.inventory ?? createInventory(config.INVENTORY_ADDRESS);
  const broker = createBroker({ url: config.RABBITMQ_URL, name: 'cart-worker', logger });
  const publisher = createPublisher(broker, logger, [
    cartJobsQueue,
    cartQueriesQueue,
    checkoutResultsQueue,
    checkoutJobsQueue,
    ordersExchange,
  ]);
  const outbox = createOutboxRelay(db, publisher, logger, { replace: replaceRefused });
  const recheckSeconds = config.ORDER_RECHECK;
  const answerKeptMs = config.IDEMPOTENCY_ANSWER_HOURS * HOUR_MS;

  const health = createHealthServer({
    host: config.SOUK_BIND,
    port: config.HEALTH_PORT,
    logger,
    metrics: registry,
    checks: {
      broker: () => broker.checkPublishing(),
      database: schema.check,
      inventory: () => inventory.ping(),
    },
  });

  const stopping = new AbortController();
  let working: Promise<void> | undefined;
  const started: { stop(): Promise<void> }[] = [];

  const work = async () => {
    await schema.bringUp(stopping.signal);
    if (stopping.signal.aborted) return;
    const consuming = { broker, publisher, logger, metrics, batchMax: config.BATCH_MAX };
    const deps = { db, inventory, outbox, recheckSeconds, answerKeptMs, linesMax: config.CART_LINES_MAX };
    const onContradiction: Parameters<typeof settleOrders>[0]['onContradiction'] = (result, order) => {
      metrics.contradictions.inc();
      logger.error(
        { result: result.type, order: order.orderID, status: order.status },
        'a checkout result contradicts its order',
      );
    };
    const onOrphan: Parameters<typeof settleOrders>[0]['onOrphan'] = ({ data: { orderID } }) =>
      logger.error({ orderID }, "an order that doesn't exist was charged; its checkout is being undone");
    const settling = { db, outbox, onContradiction, onOrphan };
    started.push(
      consumeCartJobs(consuming, {
        apply: (jobs) => applyCartJobs(deps, jobs),
        weigh: (jobs) => weighCartJobs(db, jobs),
      }),
      consumeCheckoutResults(consuming, {
        settle: (results) => settleOrders(settling, results),
        weigh: (results) => weighCheckoutResults(db, results),
      }),
    );
    const answerFailure: CartQueryReply = { unavailable: true };
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
    const recheckIntervalMs = Math.max(200, Math.min(5_000, recheckSeconds * 250));
    started.push(
      every(recheckIntervalMs, 'the recheck of orders', logger, async () =>
        metrics.rechecked.inc(await recheckOrders(deps)),
      ),
    );
    // A client's retry or a redrive of a purged job is refused before it gets to the inbox.
    started.push(startPurge(db, 'inbox', KEY_KEPT_DAYS * 24 + config.IDEMPOTENCY_ANSWER_HOURS, logger));
    outbox.start();
    broker.start();
  };

  return {
    start: async () => {
      await health.start();
      // Engines may come up later; until then the process is alive but not ready.
      working = work().catch((error: unknown) => {
        if (!stopping.signal.aborted) throw error;
      });
    },
    stop: async () => {
      health.reportStopping();
      stopping.abort();
      await working;
      await Promise.all(started.map((each) => each.stop()));
      await outbox.stop();
      await broker.stop();
      inventory.close();
      await health.stop();
      await db.close();
    },
  };
}
