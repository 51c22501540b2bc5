import type { CartQuery, CartQueryReply, OrderState } from '@souk/contracts';
import type { Database } from '@souk/database';
import { readCarts } from './cart-store';
import { listOrders, readOrders } from './order-store';

/** Answers questions about carts and orders, one statement a kind for all of them; lists one by one. */
export async function answerQueries(db: Database, queries: readonly CartQuery[]): Promise<CartQueryReply[]> {
  const clientIDs = queries.flatMap((query) => (query.type === 'get-cart' ? [query.data.clientID] : []));
  const orderIDs = queries.flatMap((query) => (query.type === 'get-order' ? [query.data.orderID] : []));
  const [carts, orders] = await Promise.all([readCarts(db, clientIDs), readOrders(db, orderIDs)]);

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
      case 'list-orders':
        return listPage(db, query.data);
    }
  };
  return Promise.all(queries.map(answer));
}

const CURSOR = /^[1-9]\d{0,17}$/;

async function listPage(
  db: Database,
  { clientID, after, limit }: { clientID: string; after?: string | undefined; limit: number },
): Promise<CartQueryReply> {
  if (after !== undefined && !CURSOR.test(after)) return { badCursor: true };
  const page = await listOrders(db, clientID, after, limit + 1);
  const shown = page.slice(0, limit);
  const next = page.length > limit ? String(shown.at(-1)!.seq) : null;
  return { orders: { items: shown.map(({ order }) => withoutShortages(order)), next } };
}

function withoutShortages({ shortages: _, ...order }: OrderState) {
  return order;
}
