import { z } from 'zod';
import { list, validId } from './fields';
import { declareMessage, type MessageOf } from './message';
import { declineReason, ORDER_FAILURE_CODES, ORDER_LINES_MAX, orderItemSchema, shortageList } from './order';

const checkoutTotal = z.string().regex(/^\d+\.\d{2}$/, 'must be an amount such as 12.50');

export const runCheckoutJob = declareMessage({
  type: 'run-checkout',
  version: 1,
  summary: 'Reserve, charge, then commit or roll back. The order id names the reservation and the payment too.',
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
  summary: "Refunds and rolls back an order that doesn't exist, such as one lost by restoring a backup.",
  data: z.object({ orderID: z.string().check(validId) }),
});

export const failCheckoutJob = declareMessage({
  type: 'fail-checkout',
  version: 1,
  summary: 'Rolls back, cancels and fails an order whose checkout is larger than the broker allows a message to be.',
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
  summary: 'The order was charged and its stock taken.',
  data: z.object({ orderID: z.string().check(validId) }),
});

export const checkoutFailedEvent = declareMessage({
  type: 'checkout.failed',
  version: 1,
  summary: 'The order took no stock, and its net charge is zero. Final.',
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
