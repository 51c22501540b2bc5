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
import type { CartJobs } from './cart-jobs';
import type { CartQueries, QueryOrigin } from './cart-queries';
import { checkOut } from './check-out';
import { followOrder, orderNotFound } from './follow-order';
import type { OrderFeed } from './order-feed';
import { jobIdOf } from './job-id';
import type { Products } from './products';
import { showCart } from './show-cart';

export interface RouteDeps {
  jobs: CartJobs;
  queries: CartQueries;
  feed: OrderFeed;
  products: Products;
  logger: Logger;
}

/** The holder of the admin key. */
const ADMIN = 'admin';
/** A caller that the request doesn't identify. */
const ANYBODY = 'anonymous';

const ok = (body: unknown): Answer => ({ status: 200, body });

/** A client is its own actor. */
const byClient = (clientID: string) => ({ actsFor: clientID, actor: clientID });

const asked = ({ correlationId, traceparent }: RequestFacts, actor: string): QueryOrigin => ({
  actor,
  correlationId,
  traceparent,
});

export function bindRoutes(http: HttpApp, { jobs, queries, feed, products, logger }: RouteDeps): void {
  http.bind(addToCartRoute, async ({ body }, facts) => {
    const { operationId } = addToCartRoute;
    return answerCartChange(
      await jobs.send(addToCartJob, body, { operationId, ...byClient(body.clientID), facts }),
      facts,
    );
  });

  http.bind(setCartItemRoute, async ({ params, body }, facts) => {
    const { operationId } = setCartItemRoute;
    const data = { ...params, quantity: body.quantity };
    return answerCartChange(
      await jobs.send(setCartItemJob, data, { operationId, ...byClient(params.clientID), facts }),
      facts,
    );
  });

  http.bind(removeCartItemRoute, async ({ params }, facts) => {
    const { operationId } = removeCartItemRoute;
    return answerCartChange(
      await jobs.send(removeCartItemJob, params, { operationId, ...byClient(params.clientID), facts }),
      facts,
    );
  });

  http.bind(checkOutCartRoute, async ({ body }, facts) =>
    answerCheckOut(await checkOut({ jobs, feed }, { ...body, facts }), facts),
  );

  http.bind(getCartRoute, async ({ params: { clientID } }, facts) =>
    ok(await showCart({ queries, products, logger }, { clientID, origin: asked(facts, clientID) })),
  );

  http.bind(listOrdersRoute, async ({ query }, facts) => ok(await queries.orders(query, asked(facts, query.clientID))));

  http.bind(getOrderRoute, async ({ params: { orderID } }, facts) => {
    const order = await queries.order(orderID, asked(facts, ANYBODY));
    if (!order) throw orderNotFound();
    return ok(presentOrder(order));
  });

  http.bind(cancelOrderRoute, async ({ params: { orderID } }, facts) =>
    answerCancel(await cancelOrder({ jobs, feed }, { orderID, actor: ANYBODY, facts }), facts),
  );

  http.bindEventStream(orderEventsRoute, ({ params: { orderID } }, facts, stream) =>
    followOrder({ queries, feed }, { orderID, origin: asked(facts, ANYBODY) }, stream),
  );

  http.bind(listProductsRoute, async ({ query }) => ok(await products.list(query)));

  http.bind(getProductRoute, async ({ params: { productID } }) => {
    const { product, version } = await products.get(productID);
    return { ...ok(product), headers: { ETag: entityTagOf(version) } };
  });

  http.bind(putProductRoute, async ({ params: { productID }, body }, facts) =>
    answerProduct(await products.put({ productID, ...body, ifMatch: facts.ifMatch, actor: ADMIN }), facts),
  );

  http.bind(changeStockRoute, async ({ params: { productID }, body }, facts) => {
    const { key, fingerprint } = facts.idempotency ?? {};
    const changeID = jobIdOf({ operationId: changeStockRoute.operationId, caller: productID }, key);
    return answerProduct(
      await products.changeStock({ changeID, fingerprint, productID, ...body, actor: ADMIN }),
      facts,
    );
  });
}
