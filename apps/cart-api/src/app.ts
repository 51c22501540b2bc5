import { createAccess } from '@souk/access';
import {
  buildAsyncApi,
  cartJobsQueue,
  cartQueriesQueue,
  CART_API_DESCRIPTION,
  ordersExchange,
  ORDER_EVENTS,
} from '@souk/contracts';
import { createInventoryClient, grpcCredentials, type InventoryClient } from '@souk/grpc';
import { createHttpApp, httpOptionsOf, statusFailures } from '@souk/http';
import { createBroker, createRequester, subscribeTopic } from '@souk/messaging';
import type { App, AppContext } from '@souk/service';
import { createCartJobs } from './cart-jobs';
import { createCartQueries } from './cart-queries';
import type { Config } from './config';
import { createOrderFeed } from './order-feed';
import { createOrderOwnership } from './order-ownership';
import { createProducts } from './products';
import { bindRoutes } from './routes';

export interface CartApi extends App {
  /** The port that the service listens on. */
  port(): number;
}

/** Creates every adapter once and wires them up. `overrides` replaces remote clients in tests. */
export function buildApp(
  config: Config,
  { logger, metrics }: AppContext,
  overrides: { inventory?: InventoryClient } = {},
): CartApi {
  const timeoutMs = config.ANSWER_TIMEOUT_MS;
  const broker = createBroker({ url: config.RABBITMQ_URL, name: 'cart-api', logger });
  const requester = createRequester(broker, { logger, queues: [cartJobsQueue, cartQueriesQueue] });
  const inventory =
    overrides.inventory ??
    createInventoryClient({ address: config.INVENTORY_ADDRESS, ...grpcCredentials(config), deadlineMs: timeoutMs });
  const jobs = createCartJobs(requester, { answerTimeoutMs: timeoutMs });
  const queries = createCartQueries(requester, { timeoutMs });
  const products = createProducts(inventory);

  const feed = createOrderFeed({ query: (orderID) => queries.order(orderID), logger });
  subscribeTopic(broker, { ...ordersExchange, messages: ORDER_EVENTS }, logger, ({ data }) => feed.notify(data));
  broker.onConnected(() => feed.refresh());

  const http = createHttpApp({
    ...httpOptionsOf(config),
    service: CART_API_DESCRIPTION,
    messages: buildAsyncApi,
    format: statusFailures,
    logger,
    metrics,
    checks: { broker: () => broker.checkPublishing(), inventory: () => products.ping() },
    access: createAccess(config, { logger, metrics }),
    isOwn: createOrderOwnership(queries),
  });
  bindRoutes(http, { jobs, queries, feed, products, logger });

  return {
    start: async () => {
      await http.start();
      broker.start();
    },
    stop: async () => {
      await http.stopAccepting();
      feed.stop(); // waiting requests now get 202 and streams end, so that clients continue with another replica
      await http.stop();
      await broker.stop();
      products.close();
    },
    port: http.port,
  };
}
