import { z } from 'zod';
import { cartSchema, orderListSchema, quantity } from './cart-messages';
import { amount, amountInput, currency, id, integer, integerParameter, name } from './fields';
import { orderSchema, shortageSchema } from './order';
import { declareRoute, type ResponseDeclaration } from './route';

const clientID = id('Whose cart', 'demo-customer');
const productID = id('The product', 'brass-lantern-small');
const orderID = id('The order', '0192f0c4-7d1e-7a30-9d6c-0d6b1a2f3c4d');

/** Stock on hand that a product can have. */
const STOCK_MAX = 2_147_483_647;
/** Highest price of one piece, in minor units. */
const PRICE_MAX_MINOR = 999_999_999_999n;

const limit = integerParameter(1, 500, 50, 'Items a page');
const after = z
  .string('must be given once')
  .min(1, 'must not be empty')
  .max(400, 'must have at most 400 characters')
  .optional()
  .meta({ description: '`next` of the page before' });

const successSchema = z.object({ status: z.literal('success'), error: z.literal('') }).meta({ id: 'Success' });

/** One way in which a route fails. */
interface FailureDeclaration {
  code: string;
  /** When it comes, where the code does not say it all. */
  when?: string;
  /** An example of `error`. */
  error: string;
  /** What it tells beside. */
  details?: z.ZodRawShape;
}

/** Every failure of the Cart API has this shape; some have more. */
const failureBody = ({ code, error, details = {} }: FailureDeclaration) =>
  z.object({
    status: z.literal('failed'),
    error: z.string().meta({ description: 'What went wrong, for people', example: error }),
    code: z.literal(code).meta({ description: 'What went wrong, for programs; stable' }),
    ...details,
  });

/** The failures that share a status, told apart by their code. */
function failure(first: FailureDeclaration, ...others: FailureDeclaration[]): ResponseDeclaration {
  const description = [first, ...others].map(({ code, when }) => (when ? `${code}: ${when}` : code)).join(' · ');
  const body = others.length === 0 ? failureBody(first) : z.union([first, ...others].map(failureBody));
  return { description, body };
}

const fields = z
  .array(z.object({ field: z.string(), message: z.string() }))
  .optional()
  .meta({ description: 'Every field with a fault', example: [{ field: 'quantity', message: 'must be at least 1' }] });

/** What any route with a body may answer beside its own. */
const writeFailures: Record<number, ResponseDeclaration> = {
  400: failure({
    code: 'INVALID_REQUEST',
    when: 'the body, a parameter or the key is not as described',
    error: 'quantity must be at least 1',
    details: { fields },
  }),
  413: failure({
    code: 'PAYLOAD_TOO_LARGE',
    when: 'over 64 KiB',
    error: 'The body must have at most 65536 bytes',
  }),
  415: failure({
    code: 'UNSUPPORTED_MEDIA_TYPE',
    when: 'not JSON',
    error: 'The Content-Type must be application/json in UTF-8',
  }),
  429: {
    ...failure({
      code: 'OVERLOADED',
      when: 'too many requests in flight; nothing was done',
      error: 'Too many requests in flight; nothing was done, try again shortly',
    }),
    headers: ['Retry-After'],
  },
  503: {
    ...failure({
      code: 'UNAVAILABLE',
      when: 'an engine is down; surely nothing was done',
      error: 'The broker does not answer',
    }),
    headers: ['Retry-After'],
  },
  504: failure({
    code: 'TIMEOUT',
    when: 'the outcome is unknown; retry with the same Idempotency-Key',
    error: 'No answer in time; try again',
  }),
};
const readFailures: Record<number, ResponseDeclaration> = {
  400: writeFailures[400]!,
  429: writeFailures[429]!,
  503: writeFailures[503]!,
  504: writeFailures[504]!,
};
const keyFailures: Record<number, ResponseDeclaration> = {
  422: failure({
    code: 'IDEMPOTENCY_MISMATCH',
    when: 'the key was used with another body',
    error: 'This Idempotency-Key was used with another body',
  }),
};
const keyExpired: FailureDeclaration = {
  code: 'IDEMPOTENCY_EXPIRED',
  when: 'the key was used too long ago; nothing was done',
  error: 'This Idempotency-Key was used, and its answer is no longer kept; nothing was done',
};

const cartChanged: ResponseDeclaration = {
  description: 'The cart was changed',
  body: successSchema,
  examples: { done: { status: 'success', error: '' } },
};
const productNotFound = failure({ code: 'PRODUCT_NOT_FOUND', error: 'There is no product brass-lantern-tiny' });
const orderNotFound = failure({ code: 'ORDER_NOT_FOUND', error: 'There is no such order' });
const stockShort: FailureDeclaration = {
  code: 'INSUFFICIENT_STOCK',
  when: 'less than the cart would hold can be bought',
  error: 'The cart would hold 7 of brass-lantern-small; 5 can be bought',
  details: { available: z.number().int().meta({ description: 'Pieces that can be bought', example: 5 }) },
};

/** What a failed order tells of itself. */
const failedOrderID = z
  .string()
  .meta({ description: 'The order that failed', example: '0192f0c4-7d1e-7a30-9d6c-0d6b1a2f3c4d' });

export const addToCartRoute = declareRoute({
  operationId: 'addToCart',
  method: 'post',
  path: '/addToCart',
  tag: 'Cart',
  summary: 'Add pieces of a product to a cart',
  description:
    'Adding sums. What can be bought must cover what the cart would hold; nothing is held for the client before check-out.',
  body: z.object({ clientID, productID, quantity }),
  example: { clientID: 'demo-customer', productID: 'brass-lantern-small', quantity: 2 },
  isIdempotent: true,
  responses: {
    200: { ...cartChanged, headers: ['Idempotency-Replayed'] },
    ...writeFailures,
    404: productNotFound,
    409: failure(stockShort, keyExpired),
    ...keyFailures,
  },
});

export const checkOutCartRoute = declareRoute({
  operationId: 'checkOutCart',
  method: 'post',
  path: '/checkOutCart',
  tag: 'Cart',
  summary: 'Turn a cart into an order and pay it',
  description:
    'Waits up to 5 s (`Prefer: wait=N`: up to 60; `Prefer: respond-async`: not at all) for the order to settle, then answers 202 and where to look. ' +
    'An order that fails gives its items back to the cart.',
  body: z.object({ clientID }),
  example: { clientID: 'demo-customer' },
  isIdempotent: true,
  takesPrefer: true,
  responses: {
    200: {
      description: 'The order is paid and its stock taken',
      body: successSchema.extend({ orderID: z.string(), total: amount('What was paid', '25.00'), currency }),
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
    202: {
      description: 'The order exists and is not settled yet',
      body: z.object({ status: z.literal('processing'), error: z.literal(''), orderID: z.string() }),
      headers: ['Location', 'Idempotency-Replayed', 'Preference-Applied'],
      examples: { waiting: { status: 'processing', error: '', orderID: '0192f0c4-7d1e-7a30-9d6c-0d6b1a2f3c4d' } },
    },
    ...writeFailures,
    402: failure({
      code: 'PAYMENT_DECLINED',
      error: 'The payment was declined',
      details: { orderID: failedOrderID },
    }),
    409: failure(
      { code: 'CART_EMPTY', error: 'The cart is empty' },
      {
        code: 'INSUFFICIENT_STOCK',
        when: 'with every short line; without an order when a product is no longer sold',
        error: 'There is not enough stock for every line of the order',
        details: { orderID: failedOrderID.optional(), items: z.array(shortageSchema) },
      },
      {
        code: 'RESERVATION_EXPIRED',
        error: 'The order could not be paid in time; its stock was given back and nothing was charged',
        details: { orderID: failedOrderID },
      },
      keyExpired,
    ),
    ...keyFailures,
  },
});

export const getCartRoute = declareRoute({
  operationId: 'getCart',
  method: 'get',
  path: '/cart/:clientID',
  tag: 'Cart',
  summary: 'What a cart holds',
  description: 'A client nobody has seen yet has an empty cart.',
  params: z.object({ clientID }),
  responses: { 200: { description: 'The cart', body: cartSchema }, ...readFailures },
});

export const setCartItemRoute = declareRoute({
  operationId: 'setCartItem',
  method: 'put',
  path: '/cart/:clientID/items/:productID',
  tag: 'Cart',
  summary: 'Set how many pieces of a product a cart holds',
  params: z.object({ clientID, productID }),
  body: z.object({ quantity }),
  example: { quantity: 3 },
  responses: { 200: cartChanged, ...writeFailures, 404: productNotFound, 409: failure(stockShort) },
});

export const removeCartItemRoute = declareRoute({
  operationId: 'removeCartItem',
  method: 'delete',
  path: '/cart/:clientID/items/:productID',
  tag: 'Cart',
  summary: 'Take a product out of a cart',
  description: 'Succeeds also when the product is not in the cart.',
  params: z.object({ clientID, productID }),
  responses: { 200: cartChanged, ...readFailures },
});

export const getOrderRoute = declareRoute({
  operationId: 'getOrder',
  method: 'get',
  path: '/orders/:orderID',
  tag: 'Orders',
  summary: 'One order',
  params: z.object({ orderID }),
  responses: { 200: { description: 'The order', body: orderSchema }, ...readFailures, 404: orderNotFound },
});

export const listOrdersRoute = declareRoute({
  operationId: 'listOrders',
  method: 'get',
  path: '/orders',
  tag: 'Orders',
  summary: "A client's orders, newest first",
  query: z.object({ clientID, after, limit }),
  responses: { 200: { description: 'A page of orders', body: orderListSchema }, ...readFailures },
});

export const orderEventsRoute = declareRoute({
  operationId: 'orderEvents',
  method: 'get',
  path: '/orders/:orderID/events',
  tag: 'Orders',
  summary: 'Follow an order as server-sent events',
  description:
    '`event: status` with the order as `data`, now and at each change; ends after the final one. A comment every 15 s keeps the line open.',
  params: z.object({ orderID }),
  responses: {
    200: { description: 'A stream of events', contentType: 'text/event-stream', eventData: orderSchema },
    ...readFailures,
    404: orderNotFound,
  },
});

export const productSchema = z
  .object({
    productID,
    productName: z.string().meta({ description: 'What people call it', example: 'Small brass lantern' }),
    quantity: z.number().int().meta({ description: 'Pieces that can still be bought', example: 40 }),
    unitPrice: amount('Price of one piece', '12.50'),
    currency,
  })
  .meta({ id: 'Product' });
export type Product = z.infer<typeof productSchema>;

export const stockedProductSchema = productSchema
  .extend({
    quantity: z
      .number()
      .int()
      .meta({ description: 'Pieces that can still be bought: on hand less reserved', example: 40 }),
    onHand: z.number().int().meta({ description: 'Pieces on the shelf', example: 42 }),
    reserved: z.number().int().meta({ description: 'Pieces held for orders in progress', example: 2 }),
  })
  .meta({ id: 'StockedProduct' });
export type StockedProduct = z.infer<typeof stockedProductSchema>;

export const listProductsRoute = declareRoute({
  operationId: 'listProducts',
  method: 'get',
  path: '/products',
  tag: 'Products',
  summary: 'What the shop sells, by product id',
  query: z.object({ after, limit }),
  responses: {
    200: {
      description: 'A page of products',
      body: z
        .object({
          items: z.array(productSchema),
          next: z.string().nullable().meta({ description: '`after` of the next page; null on the last' }),
        })
        .meta({ id: 'ProductList' }),
    },
    ...readFailures,
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
    200: { description: 'The product', body: productSchema },
    ...readFailures,
    404: productNotFound,
  },
});

export const putProductRoute = declareRoute({
  operationId: 'putProduct',
  method: 'put',
  path: '/products/:productID',
  tag: 'Products',
  summary: 'Create or replace a product',
  description: '`quantity` sets the stock on hand.',
  params: z.object({ productID }),
  body: z.object({
    productName: name(200, 'What people call it', 'Small brass lantern'),
    quantity: integer(0, STOCK_MAX, 'Pieces on the shelf', 40),
    unitPrice: amountInput(PRICE_MAX_MINOR, 'Price of one piece: a decimal string or a number', '12.50'),
  }),
  example: { productName: 'Small brass lantern', quantity: 40, unitPrice: '12.50' },
  isAdmin: true,
  responses: {
    200: { description: 'The product', body: stockedProductSchema.extend(successSchema.shape) },
    ...writeFailures,
    401: failure({ code: 'UNAUTHORIZED', error: 'X-API-Key is missing or wrong' }),
    409: failure({
      code: 'STOCK_RESERVED',
      when: 'the stock would fall below what is reserved',
      error: '2 are reserved; the stock can not be set below that',
      details: { reserved: z.number().int().meta({ description: 'Pieces held for orders in progress', example: 2 }) },
    }),
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
  orderEventsRoute,
  listProductsRoute,
  getProductRoute,
  putProductRoute,
] as const;

/** What heads the documentation of the Cart API. */
export const CART_API_DESCRIPTION = {
  title: 'Souk Cart API',
  version: '1.0.0',
  description:
    'Carts, orders and products of the shop. Answers to POST, PUT and DELETE, and every failure, carry `status` and `error`; ' +
    'failures add a stable `code`. A POST with an `Idempotency-Key` may be repeated without a second effect.',
};
