import { z } from 'zod';
import { COMMON_FAILURES } from '../declaration/common-failures';
import { failureResponses, STATUS_FAILURE, type FailureDeclaration } from '../declaration/failure-declaration';
import { amount } from '../declaration/fields';
import { EXAMPLE_ORDER_ID } from './cart-fields';
import { declineReason, ORDER_CANCELLED, shortageSchema } from './order';

/** The detail that names the failed order. */
const failedOrderID = z.string().meta({ description: 'The order that failed', example: EXAMPLE_ORDER_ID });

/** Failures that several routes of the Cart API share. */
export const CART_FAILURES = {
  productNotFound: { status: 404, code: 'PRODUCT_NOT_FOUND', message: 'There is no product brass-lantern-tiny' },
  orderNotFound: { status: 404, code: 'ORDER_NOT_FOUND', message: 'There is no such order' },
  stockShort: {
    status: 409,
    code: 'INSUFFICIENT_STOCK',
    when: 'the cart would hold more than can be bought',
    message: 'The cart would hold 7 of brass-lantern-small; 5 can be bought',
    details: { available: z.number().int().meta({ description: 'Quantity that can be bought', example: 5 }) },
  },
  cartFull: {
    status: 409,
    code: 'CART_FULL',
    when: 'the cart already has the maximum number of lines (`CART_LINES_MAX`)',
    message: 'The cart already has 1000 lines; it can have at most 1000',
  },
  stockReserved: {
    status: 409,
    code: 'STOCK_RESERVED',
    when: 'the stock would fall below the reserved quantity',
    message: '2 are reserved; the stock cannot be set below that',
    details: {
      reserved: z.number().int().meta({ description: 'Quantity reserved for orders in progress', example: 2 }),
    },
  },
} as const satisfies Record<string, FailureDeclaration>;

/** Failures of a checkout, in addition to those of every route with a body. */
export const CHECK_OUT_FAILURES: readonly FailureDeclaration[] = [
  {
    status: 402,
    code: 'PAYMENT_DECLINED',
    when: 'includes `reason`, except for orders from releases that did not record it',
    message: 'The payment was declined',
    details: { orderID: failedOrderID, reason: declineReason.optional() },
  },
  { status: 409, code: 'CART_EMPTY', message: 'The cart is empty' },
  {
    status: 409,
    code: 'CART_FULL',
    when: 'a cart from an older release has more lines than an order can have',
    message: 'The cart has 20001 lines; an order can have at most 20000. Remove some lines first',
  },
  {
    status: 409,
    code: 'TOTAL_CHANGED',
    when: 'the total of the cart is not `expectedTotal`; nothing was ordered or charged',
    message: 'The total is 27.00 now, not 25.00',
    details: {
      expectedTotal: amount('The total that the client expected', '25.00'),
      total: amount('The current total of the cart', '27.00'),
    },
  },
  {
    status: 409,
    code: 'INSUFFICIENT_STOCK',
    when: 'lists every line that is short of stock; there is no order if a product is no longer sold',
    message: 'There is not enough stock for every line of the order',
    details: { orderID: failedOrderID.optional(), items: z.array(shortageSchema) },
  },
  {
    status: 409,
    code: 'ORDER_TOO_LARGE',
    when: 'the order has too many lines for the message broker',
    message: 'The order has too many lines for the message broker; nothing was charged',
    details: { orderID: failedOrderID },
  },
  {
    status: 409,
    code: 'RESERVATION_EXPIRED',
    message: 'The order could not be paid in time; its stock was given back and nothing was charged',
    details: { orderID: failedOrderID },
  },
  {
    status: 409,
    code: 'CANCELLED',
    when: 'the order was cancelled while the checkout was waiting for it',
    message: ORDER_CANCELLED,
    details: { orderID: failedOrderID },
  },
];

const { invalidRequest, overloaded, rateLimited, unavailable, timeout, payloadTooLarge, unsupportedMediaType } =
  COMMON_FAILURES;
const { keyExpired, keyMismatch } = COMMON_FAILURES;

const READ_FAILURES = [invalidRequest, overloaded, rateLimited, unavailable, timeout];
const WRITE_FAILURES = [...READ_FAILURES, payloadTooLarge, unsupportedMediaType];

const failures = failureResponses(STATUS_FAILURE);

/** Failures of a route without a body. */
export const readFailures = (...routeFailures: readonly FailureDeclaration[]) =>
  failures(...READ_FAILURES, ...routeFailures);

/** Failures of a route with a body. */
export const writeFailures = (...routeFailures: readonly FailureDeclaration[]) =>
  failures(...WRITE_FAILURES, ...routeFailures);

/** Failures of a route with a body and an idempotency key. */
export const keyedFailures = (...routeFailures: readonly FailureDeclaration[]) =>
  writeFailures(...routeFailures, keyExpired, keyMismatch);
