import {
  cartQueriesQueue,
  cartQueryReplySchema,
  createMessage,
  getCartQuery,
  getOrderQuery,
  listOrdersQuery,
  type CartContents,
  type CartQueryReply,
  type MessageDeclaration,
  type OrderList,
  type OrderState,
} from '@souk/contracts';
import type { Requester } from '@souk/messaging';
import { AppError, unavailable } from '@souk/service';
import { randomUUID } from 'node:crypto';

/** Identifies the caller in logs and messages. */
export interface QueryOrigin {
  correlationId: string;
  traceparent?: string | undefined;
  actor: string;
}

/** Queries to the cart worker. @throws AppError `unavailable` or `timeout` */
export interface CartQueries {
  cart(clientID: string, origin: QueryOrigin): Promise<CartContents>;
  order(orderID: string, origin?: QueryOrigin): Promise<OrderState | undefined>;
  /** @throws AppError `invalid` if `after` isn't a valid cursor */
  orders(
    query: { clientID: string; after?: string | undefined; limit: number },
    origin: QueryOrigin,
  ): Promise<OrderList>;
}

/** The actor of queries that the service sends on its own account. */
const OWN_ACTOR = 'cart-api';

export function createCartQueries(requester: Requester, { timeoutMs }: { timeoutMs: number }): CartQueries {
  const request = async (
    declaration: MessageDeclaration,
    data: unknown,
    { actor, correlationId, traceparent }: QueryOrigin,
  ): Promise<CartQueryReply> => {
    const origin = { actor, correlationId, causationId: correlationId, ...(traceparent ? { traceparent } : {}) };
    const query = createMessage(declaration, data, origin);
    const reply = await requester
      .request(cartQueriesQueue.name, query, { timeoutMs, isPersistent: false })
      .catch((error: unknown) => {
        throw error instanceof AppError && error.kind === 'timeout' ? noAnswer(error) : error;
      });
    const parsed = cartQueryReplySchema.parse(reply);
    if ('unavailable' in parsed) throw unavailable('the cart database');
    return parsed;
  };

  return {
    cart: async (clientID, origin) => {
      const reply = await request(getCartQuery, { clientID }, origin);
      if (!('cart' in reply)) throw unexpectedReply(reply);
      return reply.cart;
    },
    order: async (orderID, origin = { actor: OWN_ACTOR, correlationId: randomUUID() }) => {
      const reply = await request(getOrderQuery, { orderID }, origin);
      if (!('order' in reply)) throw unexpectedReply(reply);
      return reply.order ?? undefined;
    },
    orders: async (query, origin) => {
      const reply = await request(listOrdersQuery, query, origin);
      if ('badCursor' in reply) throw badCursor();
      if (!('orders' in reply)) throw unexpectedReply(reply);
      return reply.orders;
    },
  };
}

const noAnswer = (cause: AppError) => new AppError('timeout', 'TIMEOUT', 'No answer in time; try again', { cause });

const badCursor = () =>
  new AppError('invalid', 'INVALID_REQUEST', 'after must be the `next` of the previous page', {
    details: { fields: [{ field: 'after', message: 'must be the `next` of the previous page' }] },
  });

const unexpectedReply = (reply: CartQueryReply) =>
  new Error(`received the reply to another query, with the fields ${Object.keys(reply).join()}`);
