import { z } from 'zod';
import { amount } from '../declaration/fields';
import { declareMessage, type MessageOf } from '../declaration/message';
import { clientID, orderID, productID } from './cart-fields';
import { orderStateSchema, shortageList } from './order';

/** The fields of every job that ensure that it takes effect only once, and not too late. */
const jobTerms = {
  /** Fingerprint of the request's body, if the request had an idempotency key. The same key with another body is refused. */
  fingerprint: z.string().optional(),
  /** When the job expires, in milliseconds since 1970. It is then dropped: the client has already received "outcome unknown". */
  notAfter: z.number().int(),
};

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

/** The cart was changed. */
const done = z.object({ outcome: z.literal('done'), replayed: z.boolean() });

/** The order exists and settles later. A replay, like the reply to a cancellation, has the order's current state. */
const accepted = z.object({ outcome: z.literal('accepted'), replayed: z.boolean(), order: orderStateSchema });

/** A business refusal: nothing was changed. */
const refused = z.object({
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
});
export type JobRefusal = z.infer<typeof refused>;

/** The key was used with another body. */
const mismatch = z.object({ outcome: z.literal('mismatch') });

/** The key was used before, but its answer is no longer stored. */
const expired = z.object({ outcome: z.literal('expired'), orderID: z.string().optional() });

/** The reply to a job that changes a cart: `add-to-cart`, `set-cart-item` or `remove-cart-item`. */
export const cartChangeReplySchema = z.discriminatedUnion('outcome', [done, refused, mismatch, expired]);
export type CartChangeReply = z.infer<typeof cartChangeReplySchema>;

/** The reply to a job about an order: `check-out` or `cancel-order`. */
export const orderReplySchema = z.discriminatedUnion('outcome', [accepted, refused, mismatch, expired]);
export type OrderReply = z.infer<typeof orderReplySchema>;

/** Any reply of the cart worker to a job, sent to the queue that the job names. */
export const cartReplySchema = z.discriminatedUnion('outcome', [done, accepted, refused, mismatch, expired]);
export type CartReply = CartChangeReply | OrderReply;
