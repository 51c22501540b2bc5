import { z } from 'zod';
import { list } from '../declaration/fields';
import { declareMessage, type MessageOf } from '../declaration/message';
import { clientID, orderID, productID } from './cart-fields';
import { orderListSchema, orderStateSchema } from './order';

export const getCartQuery = declareMessage({
  type: 'get-cart',
  version: 1,
  summary: 'Asks for the contents of a cart.',
  data: z.object({ clientID }),
});

export const getOrderQuery = declareMessage({
  type: 'get-order',
  version: 1,
  summary: 'Asks for an order.',
  data: z.object({ orderID }),
});

export const listOrdersQuery = declareMessage({
  type: 'list-orders',
  version: 1,
  summary: "Asks for a client's orders, newest first.",
  data: z.object({ clientID, after: z.string().optional(), limit: z.number().int().min(1).max(500) }),
});

/** A batch of checkouts has far fewer orders. */
const FIND_ORDERS_MAX = 10_000;

export const findOrdersQuery = declareMessage({
  type: 'find-orders',
  version: 1,
  summary: 'Asks which of these orders exist, and which of them are being cancelled.',
  data: z.object({ orderIDs: list(orderID, FIND_ORDERS_MAX) }),
});

/** Everything `cart-worker.queries` carries. */
export const CART_QUERIES = [getCartQuery, getOrderQuery, listOrdersQuery, findOrdersQuery] as const;
export type CartQuery = MessageOf<(typeof CART_QUERIES)[number]>;

/** A cart as the cart worker stores it; the inventory has the names and prices. */
const cartContentsSchema = z.object({
  clientID,
  items: z.array(z.object({ productID, quantity: z.number().int() })),
});
export type CartContents = z.infer<typeof cartContentsSchema>;

/** The cart worker's reply to a query. `badCursor`: `after` is not a valid cursor. */
export const cartQueryReplySchema = z.union([
  z.object({ cart: cartContentsSchema }),
  z.object({ order: orderStateSchema.nullable() }),
  z.object({ orders: orderListSchema }),
  z.object({ existing: z.array(z.string()), cancelling: z.array(z.string()) }),
  z.object({ badCursor: z.literal(true) }),
  /** The database does not respond, or the reply is larger than the broker allows. */
  z.object({ unavailable: z.literal(true) }),
]);
export type CartQueryReply = z.infer<typeof cartQueryReplySchema>;
