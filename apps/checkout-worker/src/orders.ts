import { cartQueriesQueue, cartQueryReplySchema, createMessage, findOrdersQuery } from '@souk/contracts';
import type { Requester } from '@souk/messaging';
import { unavailable } from '@souk/service';
import { randomUUID } from 'node:crypto';

interface ExistingOrder {
  /** Whether its cancellation was requested. */
  isCancelling: boolean;
}

/** Queries from the checkout worker to the cart worker. */
export interface Orders {
  /**
   * @returns the orders that exist, by id
   * @throws AppError `unavailable` or `timeout`
   */
  find(orderIDs: readonly string[]): Promise<ReadonlyMap<string, ExistingOrder>>;
}

const TIMEOUT_MS = 2_000;
const ACTOR = 'checkout-worker';

export function createOrders(requester: Requester): Orders {
  return {
    find: async (orderIDs) => {
      const correlationId = randomUUID();
      const origin = { actor: ACTOR, correlationId, causationId: correlationId };
      const query = createMessage(findOrdersQuery, { orderIDs: [...orderIDs] }, origin);
      const options = { timeoutMs: TIMEOUT_MS, isPersistent: false };
      const reply = cartQueryReplySchema.parse(await requester.request(cartQueriesQueue.name, query, options));
      if ('unavailable' in reply) throw unavailable('the cart database');
      if (!('existing' in reply)) throw new Error('the cart worker sent the reply to another query');
      const cancelling = new Set(reply.cancelling);
      return new Map(reply.existing.map((orderID) => [orderID, { isCancelling: cancelling.has(orderID) }]));
    },
  };
}
