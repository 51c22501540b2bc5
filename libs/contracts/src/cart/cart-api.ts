import { z } from 'zod';
import { COMMON_FAILURES } from '../declaration/common-failures';
import { failureResponses, STATUS_FAILURE, type FailureDeclaration } from '../declaration/failure-declaration';
import { amount, amountInput, currency, id, integer, name, text } from '../declaration/fields';
import { after, limit, next } from '../declaration/paging';
import { declareRoute, type ResponseDeclaration } from '../declaration/route';
import { orderListSchema, quantity } from './cart-messages';
import { declineReason, ORDER_CANCELLED, orderSchema, shortageSchema } from './order';

const clientID = id('The client who owns the cart', 'demo-customer');
const productID = id('The product', 'brass-lantern-small');
const orderID = id('The order', '0192f0c4-7d1e-7a30-9d6c-0d6b1a2f3c4d');

/** Maximum stock on hand of a product. */
export const STOCK_MAX = 2_147_483_647;
/** Maximum price of one piece, in minor units. */
const PRICE_MAX_MINOR = 999_999_999_999n;
/** Maximum total of an order, in minor units. */
const TOTAL_MAX_MINOR = 10n ** 30n;

const successSchema = z.object({ status: z.literal('success'), error: z.literal('') }).meta({ id: 'Success' });

const failures = failureResponses(STATUS_FAILURE);

/** Common failures of a route without a body. */
const READ_FAILURES = [
  COMMON_FAILURES.invalidRequest,
  COMMON_FAILURES.overloaded,
  COMMON_FAILURES.unavailable,
  COMMON_FAILURES.timeout,
];
/** Common failures of a route with a body. */
const WRITE_FAILURES = [...READ_FAILURES, COMMON_FAILURES.payloadTooLarge, COMMON_FAILURES.unsupportedMediaType];

/** Further failures of a route with an idempotency key. */
const KEY_FAILURES = [COMMON_FAILURES.keyExpired, COMMON_FAILURES.keyMismatch];

const cartChanged: ResponseDeclaration = {
  description: 'The cart was changed',
  body: successSchema,
  examples: { done: { status: 'success', error: '' } },
};
const productNotFound: FailureDeclaration = {
  status: 404,
  code: 'PRODUCT_NOT_FOUND',
  message: 'There is no product brass-lantern-tiny',
};
const orderNotFound: FailureDeclaration = { status: 404, code: 'ORDER_NOT_FOUND', message: 'There is no such order' };
const stockShort: FailureDeclaration = {
  status: 409,
  code: 'INSUFFICIENT_STOCK',
  when: 'the cart would hold more than can be bought',
  message: 'The cart would hold 7 of brass-lantern-small; 5 can be bought',
  details: { available: z.number().int().meta({ description: 'Quantity that can be bought', example: 5 }) },
};
const cartFull: FailureDeclaration = {
  status: 409,
  code: 'CART_FULL',
  when: 'the cart already has the maximum number of lines (`CART_LINES_MAX`)',
  message: 'The cart already has 1000 lines; it can have at most 1000',
};

/** The detail of a failure that names the failed order. */
const failedOrderID = z
  .string()
  .meta({ description: 'The order that failed', example: '0192f0c4-7d1e-7a30-9d6c-0d6b1a2f3c4d' });

const orderAccepted: ResponseDeclaration = {
  description: 'The order exists but is not settled yet',
  body: z.object({ status: z.literal('processing'), error: z.literal(''), orderID: z.string() }),
  headers: ['Location', 'Idempotency-Replayed', 'Preference-Applied'],
  examples: { waiting: { status: 'processing', error: '', orderID: '0192f0c4-7d1e-7a30-9d6c-0d6b1a2f3c4d' } },
};

export const addToCartRoute = declareRoute({
  operationId: 'addToCart',
  method: 'post',
  path: '/addToCart',
  tag: 'Cart',
  summary: 'Add a product to a cart',
  description:
    'Adds to the quantity that is already in the cart, up to 1,000,000 (400 beyond that). The available stock must cover the new quantity; ' +
    'nothing is reserved before checkout.',
  body: z.object({ clientID, productID, quantity }),
  example: { clientID: 'demo-customer', productID: 'brass-lantern-small', quantity: 2 },
  isIdempotent: true,
  actsFor: ({ body }) => ({ kind: 'client', id: body.clientID }),
  responses: {
    200: { ...cartChanged, headers: ['Idempotency-Replayed'] },
    ...failures(...WRITE_FAILURES, productNotFound, stockShort, cartFull, ...KEY_FAILURES),
  },
});

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
  responses: {
    200: {
      description: 'The order is paid and its items are taken from stock',
      body: successSchema.extend({ orderID: z.string(), total: amount('The amount paid', '25.00'), currency }),
      headers: ['Idempotency-Replayed', 'Preference-Applied'],
      examples: {
        paid: {
          status: 'success',
          error: '',
          orderID: '0192f0c4-7d1e-7a30-9d6c-0d6b1a2f3c4d',
          total: '25.00',
          currency: 'USD',
        },
      },
    },
    202: orderAccepted,
    ...failures(
      ...WRITE_FAILURES,
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
      ...KEY_FAILURES,
    ),
  },
});

const cartItemSchema = z
  .object({
    productID,
    productName: z.string().nullable().meta({
      description: 'Name of the product; null if it is no longer sold',
      example: 'Small brass lantern',
    }),
    quantity: z.number().int().meta({ description: 'Quantity', example: 2 }),
    unitPrice: amount('Current unit price; null if the product is no longer sold', '12.50').nullable(),
    lineTotal: amount('Quantity times unit price; null if the product is no longer sold', '25.00').nullable(),
    available: z.boolean().nullable().meta({ description: 'Whether this quantity can be bought now', example: true }),
  })
  .meta({ id: 'CartItem' });

export const cartSchema = z
  .object({
    clientID,
    items: z.array(cartItemSchema),
    total: amount('Sum of the lines whose products are still sold', '25.00').nullable(),
    currency: currency.nullable(),
  })
  .meta({ id: 'Cart' });
export type Cart = z.infer<typeof cartSchema>;

export const getCartRoute = declareRoute({
  operationId: 'getCart',
  method: 'get',
  path: '/cart/:clientID',
  tag: 'Cart',
  summary: 'A cart at current prices',
  description:
    'The cart of an unknown client is empty. A product that is no longer sold is not available, has no name and no price, and is not part of the total. ' +
    'While the inventory does not answer, names, prices, `available`, `total` and `currency` are null.',
  params: z.object({ clientID }),
  responses: {
    200: {
      description: 'The cart',
      body: cartSchema,
      examples: {
        priced: {
          clientID: 'demo-customer',
          items: [
            {
              productID: 'brass-lantern-small',
              productName: 'Small brass lantern',
              quantity: 2,
              unitPrice: '12.50',
              lineTotal: '25.00',
              available: true,
            },
          ],
          total: '25.00',
          currency: 'USD',
        },
      },
    },
    ...failures(...READ_FAILURES),
  },
});

export const setCartItemRoute = declareRoute({
  operationId: 'setCartItem',
  method: 'put',
  path: '/cart/:clientID/items/:productID',
  tag: 'Cart',
  summary: 'Set the quantity of a product in a cart',
  params: z.object({ clientID, productID }),
  body: z.object({ quantity }),
  example: { quantity: 3 },
  responses: { 200: cartChanged, ...failures(...WRITE_FAILURES, productNotFound, stockShort, cartFull) },
});

export const removeCartItemRoute = declareRoute({
  operationId: 'removeCartItem',
  method: 'delete',
  path: '/cart/:clientID/items/:productID',
  tag: 'Cart',
  summary: 'Remove a product from a cart',
  description: 'Also succeeds if the product is not in the cart.',
  params: z.object({ clientID, productID }),
  responses: { 200: cartChanged, ...failures(...READ_FAILURES) },
});

export const getOrderRoute = declareRoute({
  operationId: 'getOrder',
  method: 'get',
  path: '/orders/:orderID',
  tag: 'Orders',
  summary: 'One order',
  params: z.object({ orderID }),
  responses: { 200: { description: 'The order', body: orderSchema }, ...failures(...READ_FAILURES, orderNotFound) },
});

export const listOrdersRoute = declareRoute({
  operationId: 'listOrders',
  method: 'get',
  path: '/orders',
  tag: 'Orders',
  summary: "A client's orders, newest first",
  query: z.object({ clientID, after, limit }),
  responses: { 200: { description: 'A page of orders', body: orderListSchema }, ...failures(...READ_FAILURES) },
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
  responses: {
    200: {
      description: 'The order is cancelled: it failed with the code CANCELLED',
      body: orderSchema,
      headers: ['Idempotency-Replayed', 'Preference-Applied'],
    },
    202: orderAccepted,
    ...failures(
      ...WRITE_FAILURES,
      orderNotFound,
      {
        status: 409,
        code: 'ORDER_ENDED',
        when: 'the order has completed, or has failed for another reason',
        message: 'The order has completed; it can no longer be cancelled',
        details: {
          orderID: z.string().meta({ description: 'The order', example: '0192f0c4-7d1e-7a30-9d6c-0d6b1a2f3c4d' }),
        },
      },
      ...KEY_FAILURES,
    ),
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
  responses: {
    200: { description: 'A stream of events', contentType: 'text/event-stream', eventData: orderSchema },
    204: { description: '`Last-Event-ID` is the id of the final event; there are no more' },
    ...failures(...READ_FAILURES, orderNotFound),
  },
});

export const productSchema = z
  .object({
    productID,
    productName: z.string().meta({ description: 'Name of the product', example: 'Small brass lantern' }),
    quantity: z.number().int().meta({ description: 'Quantity that can still be bought', example: 40 }),
    unitPrice: amount('Unit price', '12.50'),
    currency,
  })
  .meta({ id: 'Product' });
export type Product = z.infer<typeof productSchema>;

export const stockedProductSchema = productSchema
  .extend({
    quantity: z
      .number()
      .int()
      .meta({ description: 'Quantity that can still be bought: on hand minus reserved', example: 40 }),
    onHand: z.number().int().meta({ description: 'Stock on hand', example: 42 }),
    reserved: z.number().int().meta({ description: 'Quantity reserved for orders in progress', example: 2 }),
  })
  .meta({ id: 'StockedProduct' });
export type StockedProduct = z.infer<typeof stockedProductSchema>;

export const listProductsRoute = declareRoute({
  operationId: 'listProducts',
  method: 'get',
  path: '/products',
  tag: 'Products',
  summary: 'The products that the shop sells, ordered by product id',
  query: z.object({ after, limit }),
  responses: {
    200: {
      description: 'A page of products',
      body: z
        .object({
          items: z.array(productSchema),
          next,
        })
        .meta({ id: 'ProductList' }),
    },
    ...failures(...READ_FAILURES),
  },
});

export const getProductRoute = declareRoute({
  operationId: 'getProduct',
  method: 'get',
  path: '/products/:productID',
  tag: 'Products',
  summary: 'One product',
  params: z.object({ productID }),
  responses: {
    200: { description: 'The product', body: productSchema, headers: ['ETag'] },
    ...failures(...READ_FAILURES, productNotFound),
  },
});

const stockReserved: FailureDeclaration = {
  status: 409,
  code: 'STOCK_RESERVED',
  when: 'the stock would fall below the reserved quantity',
  message: '2 are reserved; the stock cannot be set below that',
  details: { reserved: z.number().int().meta({ description: 'Quantity reserved for orders in progress', example: 2 }) },
};

const productChanged: ResponseDeclaration = {
  description: 'The product',
  body: stockedProductSchema.extend(successSchema.shape),
};

export const putProductRoute = declareRoute({
  operationId: 'putProduct',
  method: 'put',
  path: '/products/:productID',
  tag: 'Products',
  summary: 'Create or replace a product',
  description:
    '`quantity` sets the stock on hand; without it, the stock is unchanged, or 0 for a new product. ' +
    "With the `ETag` of a GET in `If-Match`, the product is changed only if its name, price and stock on hand haven't changed since.",
  params: z.object({ productID }),
  body: z.object({
    productName: name(200, 'Name of the product', 'Small brass lantern'),
    quantity: integer(0, STOCK_MAX, 'Stock on hand', 40).optional(),
    unitPrice: amountInput(PRICE_MAX_MINOR, 'Unit price: a decimal string or a number', '12.50'),
  }),
  example: { productName: 'Small brass lantern', unitPrice: '12.50' },
  isAdmin: true,
  takesIfMatch: true,
  responses: {
    200: productChanged,
    ...failures(...WRITE_FAILURES, COMMON_FAILURES.unauthorized, stockReserved, {
      status: 412,
      code: 'PRECONDITION_FAILED',
      when: '`If-Match` does not match the current version of the product; nothing was changed',
      message: 'The product has changed since it was read; read it again',
    }),
  },
});

export const changeStockRoute = declareRoute({
  operationId: 'changeStock',
  method: 'post',
  path: '/products/:productID/stock',
  tag: 'Products',
  summary: 'Increase or reduce the stock of a product',
  description: 'Each change of the stock on hand is recorded: who, when, from, to and why.',
  params: z.object({ productID }),
  body: z.object({
    delta: integer(-STOCK_MAX, STOCK_MAX, 'Quantity to add to the stock on hand; negative to reduce it', 5),
    reason: text(500, 'Reason for the change, for the record', 'Delivery of 31 January').optional(),
  }),
  example: { delta: 5, reason: 'Delivery of 31 January' },
  isAdmin: true,
  isIdempotent: true,
  actsFor: ({ params }) => ({ kind: 'product', id: params.productID }),
  responses: {
    200: { ...productChanged, headers: ['Idempotency-Replayed'] },
    ...failures(...WRITE_FAILURES, COMMON_FAILURES.unauthorized, productNotFound, stockReserved, ...KEY_FAILURES),
  },
});

/** Every route of the Cart API. */
export const CART_API_ROUTES = [
  addToCartRoute,
  checkOutCartRoute,
  getCartRoute,
  setCartItemRoute,
  removeCartItemRoute,
  getOrderRoute,
  listOrdersRoute,
  cancelOrderRoute,
  orderEventsRoute,
  listProductsRoute,
  getProductRoute,
  putProductRoute,
  changeStockRoute,
] as const;

/** The heading of the Cart API's documentation. */
export const CART_API_DESCRIPTION = {
  title: 'Souk Cart API',
  version: '1.0.0',
  description:
    'Carts, orders and products of the shop. Answers to POST, PUT and DELETE, and all failures, carry `status` and `error`; ' +
    'failures add a stable `code`. A POST with an `Idempotency-Key` can be retried without a second effect.',
};
