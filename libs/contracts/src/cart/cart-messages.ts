import { z } from 'zod';
import { amount, id, integer, list } from '../declaration/fields';
import { declareMessage, type MessageOf } from '../declaration/message';
import { next } from '../declaration/paging';
import { orderSchema, orderStateSchema, shortageList } from './order';

const clientID = id('The client who owns the cart', 'demo-customer');
const productID = id('The product', 'brass-lantern-small');
const orderID = id('The order', '0192f0c4-7d1e-7a30-9d6c-0d6b1a2f3c4d');

/** Fields of every job that make it take effect only once, and never too late. */
const jobTerms = {
  /** Fingerprint of the request's body, if it had an idempotency key. The same key with another body is refused. */
  fingerprint: z.string().optional(),
  /** Milliseconds since 1970. Later, the job is dropped without effect: the client has already received "outcome unknown". */
  notAfter: z.number().int(),
};

/** Maximum quantity of a cart line. */
export const QUANTITY_MAX = 1_000_000;
export const quantity = integer(1, QUANTITY_MAX, 'Quantity', 2);

export const addToCartJob = declareMessage({
  type: 'add-to-cart',
  version: 1,
  summary: 'Adds a product to a cart.',
  data: z.object({ clientID, productID, quantity: z.number().int().positive(), ...jobTerms }),
});

export const setCartItemJob = declareMessage({
  type: 'set-cart-item',
  version: 1,
  summary: 'Sets the quantity of a product in a cart.',
  data: z.object({ clientID, productID, quantity: z.number().int().positive(), ...jobTerms }),
});

export const removeCartItemJob = declareMessage({
  type: 'remove-cart-item',
  version: 1,
  summary: 'Removes a product from a cart.',
  data: z.object({ clientID, productID, ...jobTerms }),
});

export const checkOutJob = declareMessage({
  type: 'check-out',
  version: 1,
  summary: "Turns a cart into an order. The order's id is the id of the job.",
  data: z.object({
    clientID,
    /** The total that the client expects; no order with another total is created. */
    expectedTotal: amount('The total that the client expects', '25.00').optional(),
    ...jobTerms,
  }),
});

export const cancelOrderJob = declareMessage({
  type: 'cancel-order',
  version: 1,
  summary: 'Requests the cancellation of an order, which then fails unless it completes first.',
  data: z.object({ orderID, ...jobTerms }),
});

/** Everything `cart-worker.jobs` carries. */
export const CART_JOBS = [addToCartJob, setCartItemJob, removeCartItemJob, checkOutJob, cancelOrderJob] as const;
export type CartJob = MessageOf<(typeof CART_JOBS)[number]>;

/** The cart worker's reply to a job, sent to the queue that the job names. */
export const cartReplySchema = z.discriminatedUnion('outcome', [
  /** The cart was changed. */
  z.object({ outcome: z.literal('done'), replayed: z.boolean() }),
  /** The order exists and settles later. A replay, like the reply to a cancellation, has its current state. */
  z.object({ outcome: z.literal('accepted'), replayed: z.boolean(), order: orderStateSchema }),
  /** A business refusal: nothing was changed. */
  z.object({
    outcome: z.literal('refused'),
    replayed: z.boolean(),
    code: z.enum([
      'INVALID_REQUEST',
      'PRODUCT_NOT_FOUND',
      'CART_FULL',
      'INSUFFICIENT_STOCK',
      'CART_EMPTY',
      'ORDER_NOT_FOUND',
      'TOTAL_CHANGED',
    ]),
    message: z.string(),
    available: z.number().int().optional(),
    items: shortageList.optional(),
    expectedTotal: z.string().optional(),
    total: z.string().optional(),
  }),
  /** The key was used with another body. */
  z.object({ outcome: z.literal('mismatch') }),
  /** The key is known, but its answer is no longer stored. */
  z.object({ outcome: z.literal('expired'), orderID: z.string().optional() }),
]);
export type CartReply = z.infer<typeof cartReplySchema>;
export type CartRefusal = Extract<CartReply, { outcome: 'refused' }>;

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

/** Far more than a batch of checkouts asks for. */
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
export const cartContentsSchema = z.object({
  clientID,
  items: z.array(z.object({ productID, quantity: z.number().int() })),
});
export type CartContents = z.infer<typeof cartContentsSchema>;

export const orderListSchema = z
  .object({
    items: z.array(orderSchema),
    next,
  })
  .meta({ id: 'OrderList' });
export type OrderList = z.infer<typeof orderListSchema>;

/** The cart worker's reply to a query. `badCursor`: `after` is not a valid cursor. */
export const cartQueryReplySchema = z.union([
  z.object({ cart: cartContentsSchema }),
  z.object({ order: orderStateSchema.nullable() }),
  z.object({ orders: orderListSchema }),
  z.object({ existing: z.array(z.string()), cancelling: z.array(z.string()) }),
  z.object({ badCursor: z.literal(true) }),
  /** The database does not answer, or the reply is larger than the broker allows. */
  z.object({ unavailable: z.literal(true) }),
]);
export type CartQueryReply = z.infer<typeof cartQueryReplySchema>;

export const orderCompletedEvent = declareMessage({
  type: 'order.completed',
  version: 1,
  summary: 'An order was paid and its items were taken from stock.',
  data: orderStateSchema,
});

export const orderFailedEvent = declareMessage({
  type: 'order.failed',
  version: 1,
  summary: 'An order failed; its items are back in the cart, and nothing was charged.',
  data: orderStateSchema,
});

/** Everything the exchange `orders` carries. */
export const ORDER_EVENTS = [orderCompletedEvent, orderFailedEvent] as const;
export type OrderEvent = MessageOf<(typeof ORDER_EVENTS)[number]>;
