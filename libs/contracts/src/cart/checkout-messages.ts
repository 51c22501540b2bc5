import { z } from 'zod';
import { list, validId } from '../declaration/fields';
import { declareMessage, type MessageOf } from '../declaration/message';
import { declineReason, ORDER_FAILURE_CODES, ORDER_LINES_MAX, orderItemSchema, shortageList } from './order';

const checkoutTotal = z.string().regex(/^\d+\.\d{2}$/, 'must be an amount such as 12.50');

export const runCheckoutJob = declareMessage({
  type: 'run-checkout',
  version: 1,
  summary:
    'Reserves, charges, then commits or rolls back. The order id is also the id of the reservation and of the payment.',
  data: z.object({
    orderID: z.string().check(validId),
    clientID: z.string().check(validId),
    items: list(orderItemSchema, ORDER_LINES_MAX, 1),
    total: checkoutTotal,
    currency: z.string(),
  }),
});

export const undoCheckoutJob = declareMessage({
  type: 'undo-checkout',
  version: 1,
  summary: "Refunds and rolls back an order that doesn't exist, such as one lost when a backup was restored.",
  data: z.object({ orderID: z.string().check(validId) }),
});

export const failCheckoutJob = declareMessage({
  type: 'fail-checkout',
  version: 1,
  summary: 'Rolls back, cancels and fails an order whose checkout message would be larger than the broker allows.',
  data: z.object({ orderID: z.string().check(validId), total: checkoutTotal }),
});

/** Everything `checkout-worker.jobs` carries. */
export const CHECKOUT_JOBS = [runCheckoutJob, undoCheckoutJob, failCheckoutJob] as const;
export type CheckoutJob = MessageOf<(typeof CHECKOUT_JOBS)[number]>;
export type FailCheckoutJob = MessageOf<typeof failCheckoutJob>;
export type RunCheckoutJob = MessageOf<typeof runCheckoutJob>;

export const checkoutCompletedEvent = declareMessage({
  type: 'checkout.completed',
  version: 1,
  summary: 'The order was charged and its items were taken from stock.',
  data: z.object({ orderID: z.string().check(validId) }),
});

export const checkoutFailedEvent = declareMessage({
  type: 'checkout.failed',
  version: 1,
  summary: 'The order failed: it took no stock, and its net charge is zero. This is final.',
  data: z.object({
    orderID: z.string().check(validId),
    code: z.enum(ORDER_FAILURE_CODES),
    error: z.string(),
    shortages: shortageList.optional(),
    reason: declineReason.optional(),
  }),
});

/** Everything `cart-worker.checkout-results` carries. */
export const CHECKOUT_RESULTS = [checkoutCompletedEvent, checkoutFailedEvent] as const;
export type CheckoutResult = MessageOf<(typeof CHECKOUT_RESULTS)[number]>;
