import {
  addToCartJob,
  addToCartRoute,
  cancelOrderRoute,
  changeStockRoute,
  checkOutCartRoute,
  getCartRoute,
  getOrderRoute,
  getProductRoute,
  listOrdersRoute,
  listProductsRoute,
  orderEventsRoute,
  putProductRoute,
  removeCartItemJob,
  removeCartItemRoute,
  setCartItemJob,
  setCartItemRoute,
} from '@souk/contracts';
import { entityTagOf, type Answer, type HttpApp, type RequestFacts } from '@souk/http';
import type { Logger } from '@souk/service';
import { answerCancel, answerCartChange, answerCheckOut, answerProduct, presentOrder } from './answers';
import { cancelOrder } from './cancel-order';
import type { CartJobs, JobRequest } from './cart-jobs';
import type { CartQueries, QueryOrigin } from './cart-queries';
import { checkOut } from './check-out';
import { followOrder, orderNotFound } from './follow-order';
import type { OrderFeed } from './order-feed';
import { jobIdOf } from './job-id';
import type { Products } from './products';
import { showCart } from './show-cart';

interface RouteDeps {
  jobs: CartJobs;
  queries: CartQueries;
  feed: OrderFeed;
  products: Products;
  logger: Logger;
}

/** The actor of a change to a product, where callers need no credentials. */
const ADMIN = 'admin';
/** The actor of a request that doesn't identify its caller. */
const ANONYMOUS = 'anonymous';

/** The actor of a request: the holder of an API key; otherwise the client, which acts for itself. */
const actorOf = ({ caller }: RequestFacts, client: string) => caller.actor ?? client;

export function bindRoutes(http: HttpApp, deps: RouteDeps): void {
  bindCartRoutes(http, deps);
  bindOrderRoutes(http, deps);
  bindProductRoutes(http, deps);
}

const ok = (body: unknown): Answer => ({ status: 200, body });

const originOf = (facts: RequestFacts, client: string): QueryOrigin => ({
  actor: actorOf(facts, client),
  correlationId: facts.correlationId,
  traceparent: facts.traceparent,
});

function bindCartRoutes(http: HttpApp, { jobs, queries, feed, products, logger }: RouteDeps): void {
  const requestOf = ({ operationId }: { operationId: string }, clientID: string, facts: RequestFacts): JobRequest => ({
    operationId,
    actsFor: clientID,
    actor: actorOf(facts, clientID),
    facts,
  });

  http.bind(addToCartRoute, async ({ body }, facts) => {
    const request = requestOf(addToCartRoute, body.clientID, facts);
    return answerCartChange(await jobs.changeCart(addToCartJob, body, request), facts);
  });

  http.bind(setCartItemRoute, async ({ params, body }, facts) => {
    const request = requestOf(setCartItemRoute, params.clientID, facts);
    const data = { ...params, quantity: body.quantity };
    return answerCartChange(await jobs.changeCart(setCartItemJob, data, request), facts);
  });

  http.bind(removeCartItemRoute, async ({ params }, facts) => {
    const request = requestOf(removeCartItemRoute, params.clientID, facts);
    return answerCartChange(await jobs.changeCart(removeCartItemJob, params, request), facts);
  });

  http.bind(checkOutCartRoute, async ({ body }, facts) => {
    const command = { ...body, actor: actorOf(facts, body.clientID), facts };
    return answerCheckOut(await checkOut({ jobs, feed }, command), facts);
  });

  http.bind(getCartRoute, async ({ params: { clientID } }, facts) =>
    ok(await showCart({ queries, products, logger }, { clientID, origin: originOf(facts, clientID) })),
  );
}

function bindOrderRoutes(http: HttpApp, { jobs, queries, feed }: RouteDeps): void {
  http.bind(listOrdersRoute, async ({ query }, facts) =>
    ok(await queries.orders(query, originOf(facts, query.clientID))),
  );

  http.bind(getOrderRoute, async ({ params: { orderID } }, facts) => {
    const order = await queries.order(orderID, originOf(facts, ANONYMOUS));
    if (!order) throw orderNotFound();
    return ok(presentOrder(order));
  });

  http.bind(cancelOrderRoute, async ({ params: { orderID } }, facts) =>
    answerCancel(await cancelOrder({ jobs, feed }, { orderID, actor: actorOf(facts, ANONYMOUS), facts }), facts),
  );

  http.bindEventStream(orderEventsRoute, ({ params: { orderID } }, facts, stream) =>
    followOrder({ queries, feed }, { orderID, origin: originOf(facts, ANONYMOUS) }, stream),
  );
}

function bindProductRoutes(http: HttpApp, { products }: RouteDeps): void {
  http.bind(listProductsRoute, async ({ query }) => ok(await products.list(query)));

  http.bind(getProductRoute, async ({ params: { productID } }) => {
    const { product, version } = await products.get(productID);
    return { ...ok(product), headers: { ETag: entityTagOf(version) } };
  });

  http.bind(putProductRoute, async ({ params: { productID }, body }, facts) =>
    answerProduct(
      await products.put({ productID, ...body, ifMatch: facts.ifMatch, actor: actorOf(facts, ADMIN) }),
      facts,
    ),
  );

  http.bind(changeStockRoute, async ({ params: { productID }, body }, facts) => {
    const { key, fingerprint } = facts.idempotency ?? {};
    const changeID = jobIdOf({ operationId: changeStockRoute.operationId, actsFor: productID }, key);
    return answerProduct(
      await products.changeStock({ changeID, fingerprint, productID, ...body, actor: actorOf(facts, ADMIN) }),
      facts,
    );
  });
}
