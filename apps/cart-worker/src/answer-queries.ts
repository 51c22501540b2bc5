import {
  cursorAfter,
  pageStart,
  type CartQuery,
  type CartQueryReply,
  type Order,
  type OrderState,
} from '@souk/contracts';
import type { Database } from '@souk/database';
import { chunksOf } from '@souk/service';
import { countLines, readCarts } from './carts/cart-store';
import { toOrderState } from './orders/order-messages';
import { countItems } from './orders/order-rows';
import { findOrders, listOrders, readOrders } from './orders/order-store';

/** Maximum number of lines read at once. */
const READ_LINES_MAX = 5_000;
/** Maximum number of lists read at once. */
const LISTS_MAX = 8;

/** Answers queries in chunks, each with a bounded total number of lines. Every list of orders is read separately. */
export async function answerQueries(db: Database, queries: readonly CartQuery[]): Promise<CartQueryReply[]> {
  const [lineCounts, itemCounts] = await Promise.all([
    countLines(db, queriedCarts(queries)),
    countItems(db, queriedOrders(queries)),
  ]);

  const linesOf = (query: CartQuery): number => {
    switch (query.type) {
      case 'get-cart':
        return lineCounts.get(query.data.clientID) ?? 0;
      case 'get-order':
        return itemCounts.get(query.data.orderID) ?? 0;
      case 'list-orders':
        return READ_LINES_MAX / LISTS_MAX;
      case 'find-orders':
        return query.data.orderIDs.length;
    }
  };
  const replies: CartQueryReply[] = [];
  for (const chunk of chunksOf(queries, READ_LINES_MAX, linesOf)) replies.push(...(await answerTogether(db, chunk)));
  return replies;
}

const queriedCarts = (queries: readonly CartQuery[]) =>
  queries.flatMap((query) => (query.type === 'get-cart' ? [query.data.clientID] : []));
const queriedOrders = (queries: readonly CartQuery[]) =>
  queries.flatMap((query) => (query.type === 'get-order' ? [query.data.orderID] : []));

async function answerTogether(db: Database, queries: readonly CartQuery[]): Promise<CartQueryReply[]> {
  const orderIDsToFind = queries.flatMap((query) => (query.type === 'find-orders' ? query.data.orderIDs : []));
  const [carts, orders, existingOrders] = await Promise.all([
    readCarts(db, queriedCarts(queries)),
    readOrders(db, queriedOrders(queries)),
    findOrders(db, orderIDsToFind),
  ]);

  const answer = async (query: CartQuery): Promise<CartQueryReply> => {
    switch (query.type) {
      case 'get-cart': {
        const { clientID } = query.data;
        const lines = [...(carts.get(clientID) ?? [])];
        return { cart: { clientID, items: lines.map(([productID, quantity]) => ({ productID, quantity })) } };
      }
      case 'get-order': {
        const stored = orders.get(query.data.orderID);
        return { order: stored ? toOrderState(stored.order) : null };
      }
      case 'find-orders': {
        const { orderIDs } = query.data;
        return {
          existing: orderIDs.filter((orderID) => existingOrders.has(orderID)),
          cancelling: orderIDs.filter((orderID) => existingOrders.get(orderID)?.isCancelling),
        };
      }
      case 'list-orders':
        return listPage(db, query.data);
    }
  };
  return Promise.all(queries.map(answer));
}

async function listPage(
  db: Database,
  { clientID, after, limit }: { clientID: string; after?: string | undefined; limit: number },
): Promise<CartQueryReply> {
  const before = pageStart(after);
  if (before === undefined) return { badCursor: true };
  const { orders, hasMore } = await listOrders(db, clientID, before, limit);
  const items = withinBytes(orders.map(({ order }) => toOrderState(order)));
  const next = hasMore || orders.length > items.length ? cursorAfter(orders[items.length - 1]!.seq) : null;
  return { orders: { items: items.map(withoutDetails), next } };
}

/** Maximum size of a page. Brokers close the connection on messages of many megabytes; orders can have thousands of lines. */
const PAGE_BYTES_MAX = 1_000_000;

/** @returns the first orders that fit into one reply, at least one */
function withinBytes(orders: readonly OrderState[]): OrderState[] {
  let bytes = 0;
  const firstExcessIndex = orders.findIndex(
    (order, index) => (bytes += JSON.stringify(order).length) > PAGE_BYTES_MAX && index > 0,
  );
  return orders.slice(0, firstExcessIndex === -1 ? undefined : firstExcessIndex);
}

function withoutDetails({ shortages: _shortages, reason: _reason, ...order }: OrderState): Order {
  return order;
}
