import { cursorAfter, pageStart, type CartQuery, type CartQueryReply, type OrderState } from '@souk/contracts';
import type { Database } from '@souk/database';
import { chunksOf } from '@souk/service';
import { countLines, readCarts } from './carts/cart-store';
import { countItems, findOrders, listOrders, readOrders, type StoredOrder } from './orders/order-store';

/** Maximum number of lines read at once. */
const READ_LINES_MAX = 5_000;
/** Maximum number of lists read at once. */
const LISTS_MAX = 8;

/** Answers queries about carts and orders in batches with a bounded total number of lines; each list is read separately. */
export async function answerQueries(db: Database, queries: readonly CartQuery[]): Promise<CartQueryReply[]> {
  const clientIDs = queries.flatMap((query) => (query.type === 'get-cart' ? [query.data.clientID] : []));
  const orderIDs = queries.flatMap((query) => (query.type === 'get-order' ? [query.data.orderID] : []));
  const [lineCounts, itemCounts] = await Promise.all([countLines(db, clientIDs), countItems(db, orderIDs)]);

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

async function answerTogether(db: Database, queries: readonly CartQuery[]): Promise<CartQueryReply[]> {
  const clientIDs = queries.flatMap((query) => (query.type === 'get-cart' ? [query.data.clientID] : []));
  const orderIDs = queries.flatMap((query) => (query.type === 'get-order' ? [query.data.orderID] : []));
  const toFind = queries.flatMap((query) => (query.type === 'find-orders' ? query.data.orderIDs : []));
  const [carts, orders, found] = await Promise.all([
    readCarts(db, clientIDs),
    readOrders(db, orderIDs),
    findOrders(db, toFind),
  ]);

  const answer = async (query: CartQuery): Promise<CartQueryReply> => {
    switch (query.type) {
      case 'get-cart': {
        const items = [...(carts.get(query.data.clientID) ?? [])].map(([productID, quantity]) => ({
          productID,
          quantity,
        }));
        return { cart: { clientID: query.data.clientID, items } };
      }
      case 'get-order':
        return { order: orders.get(query.data.orderID)?.order ?? null };
      case 'find-orders':
        return {
          existing: query.data.orderIDs.filter((orderID) => found.has(orderID)),
          cancelling: query.data.orderIDs.filter((orderID) => found.get(orderID)?.isCancelling),
        };
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
  const shown = withinBytes(orders);
  const next = hasMore || orders.length > shown.length ? cursorAfter(shown.at(-1)!.seq) : null;
  return { orders: { items: shown.map(({ order }) => withoutDetails(order)), next } };
}

/** Brokers refuse messages of many megabytes and close the connection; orders can have thousands of lines. */
const PAGE_BYTES_MAX = 1_000_000;

/** The first orders that fit into one reply; at least one. */
function withinBytes(orders: readonly StoredOrder[]): StoredOrder[] {
  let bytes = 0;
  const tooLargeAt = orders.findIndex(
    ({ order }, index) => (bytes += JSON.stringify(order).length) > PAGE_BYTES_MAX && index > 0,
  );
  return orders.slice(0, tooLargeAt === -1 ? undefined : tooLargeAt);
}

function withoutDetails({ shortages: _shortages, reason: _reason, ...order }: OrderState) {
  return order;
}
