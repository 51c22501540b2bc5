import { z } from 'zod';
import { amount, amountInput, currency } from '../declaration/fields';
import { after, limit } from '../declaration/paging';
import { declareRoute, type ResponseDeclaration } from '../declaration/route';
import { CART_FAILURES, CHECK_OUT_FAILURES, keyedFailures, readFailures } from './cart-failures';
import { clientID, EXAMPLE_ORDER_ID, orderID } from './cart-fields';
import { successSchema } from './cart-schemas';
import { orderListSchema, orderSchema } from './order';

const { orderNotFound } = CART_FAILURES;

/** Maximum total of an order, in minor units. */
const TOTAL_MAX_MINOR = 10n ** 30n;

/** The answer to a checkout or a cancellation whose wait ends before the order settles. */
const orderAccepted: ResponseDeclaration = {
  description: 'The order exists but is not settled yet',
  body: z.object({ status: z.literal('processing'), error: z.literal(''), orderID: z.string() }),
  headers: ['Location', 'Idempotency-Replayed', 'Preference-Applied'],
  examples: { waiting: { status: 'processing', error: '', orderID: EXAMPLE_ORDER_ID } },
};

export const checkOutCartRoute = declareRoute({
  operationId: 'checkOutCart',
  method: 'post',
  path: '/checkOutCart',
  tag: 'Cart',
  summary: 'Turn a cart into an order and pay for it',
  description:
    'Waits up to 5 s for the order to settle (`Prefer: wait=N`: up to 60 s; `Prefer: respond-async`: no wait), then answers 202 with the `Location` of the order. ' +
    'If the order fails, its items return to the cart. With `expectedTotal`, nothing is ordered or charged unless the cart costs exactly that.',
  body: z.object({
    clientID,
    expectedTotal: amountInput(
      TOTAL_MAX_MINOR,
      'The total that the client expects, such as the `total` of `GET /cart/{clientID}`: a decimal string or a number',
      '25.00',
    ).optional(),
  }),
  example: { clientID: 'demo-customer' },
  isIdempotent: true,
  actsFor: ({ body }) => ({ kind: 'client', id: body.clientID }),
  takesPrefer: true,
  access: { scope: 'shop:write', customers: 'own', limit: 'checkout' },
  responses: {
    200: {
      description: 'The order is paid and its items are taken from stock',
      body: successSchema.extend({ orderID: z.string(), total: amount('The amount paid', '25.00'), currency }),
      headers: ['Idempotency-Replayed', 'Preference-Applied'],
      examples: {
        paid: {
          status: 'success',
          error: '',
          orderID: EXAMPLE_ORDER_ID,
          total: '25.00',
          currency: 'USD',
        },
      },
    },
    202: orderAccepted,
    ...keyedFailures(...CHECK_OUT_FAILURES),
  },
});

export const getOrderRoute = declareRoute({
  operationId: 'getOrder',
  method: 'get',
  path: '/orders/:orderID',
  tag: 'Orders',
  summary: 'An order',
  params: z.object({ orderID }),
  access: { scope: 'shop:read', customers: 'own', limit: 'read' },
  actsFor: ({ params }) => ({ kind: 'order', id: params.orderID }),
  responses: { 200: { description: 'The order', body: orderSchema }, ...readFailures(orderNotFound) },
});

export const listOrdersRoute = declareRoute({
  operationId: 'listOrders',
  method: 'get',
  path: '/orders',
  tag: 'Orders',
  summary: "A client's orders, newest first",
  query: z.object({ clientID, after, limit }),
  access: { scope: 'shop:read', customers: 'own', limit: 'read' },
  actsFor: ({ query }) => ({ kind: 'client', id: query.clientID }),
  responses: { 200: { description: 'A page of orders', body: orderListSchema }, ...readFailures() },
});

export const cancelOrderRoute = declareRoute({
  operationId: 'cancelOrder',
  method: 'post',
  path: '/orders/:orderID/cancel',
  tag: 'Orders',
  summary: 'Cancel an order that is processing',
  description:
    'The order fails with the code CANCELLED unless it completes first. Its stock and its cart are restored, and any charge is refunded. ' +
    'The request waits for this as a checkout does; after a 202, check the order at `Location`. Cancelling a cancelled order has no further effect.',
  params: z.object({ orderID }),
  isIdempotent: true,
  actsFor: ({ params }) => ({ kind: 'order', id: params.orderID }),
  takesPrefer: true,
  access: { scope: 'shop:write', customers: 'own', limit: 'checkout' },
  responses: {
    200: {
      description: 'The order is cancelled: it failed with the code CANCELLED',
      body: orderSchema,
      headers: ['Idempotency-Replayed', 'Preference-Applied'],
    },
    202: orderAccepted,
    ...keyedFailures(orderNotFound, {
      status: 409,
      code: 'ORDER_ENDED',
      when: 'the order has completed, or has failed for another reason',
      message: 'The order has completed; it can no longer be cancelled',
      details: {
        orderID: z.string().meta({ description: 'The order', example: EXAMPLE_ORDER_ID }),
      },
    }),
  },
});

export const orderEventsRoute = declareRoute({
  operationId: 'orderEvents',
  method: 'get',
  path: '/orders/:orderID/events',
  tag: 'Orders',
  summary: 'Follow an order with server-sent events',
  description:
    'Sends `event: status` with the order as `data` and an `id`, at once and on each change; the stream ends after the final event. A comment every 15 s keeps the connection open. ' +
    '`EventSource` reconnects after the stream ends, with the `Last-Event-ID` of the final event; the 204 then makes it stop.',
  params: z.object({ orderID }),
  access: { scope: 'shop:read', customers: 'own', limit: 'read' },
  actsFor: ({ params }) => ({ kind: 'order', id: params.orderID }),
  responses: {
    200: { description: 'A stream of events', contentType: 'text/event-stream', eventData: orderSchema },
    204: { description: '`Last-Event-ID` is the id of the final event; there are no more' },
    ...readFailures(orderNotFound),
  },
});
