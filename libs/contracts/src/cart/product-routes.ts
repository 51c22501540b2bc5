import { z } from 'zod';
import { amountInput, integer, name, text } from '../declaration/fields';
import { after, limit } from '../declaration/paging';
import { declareRoute, type ResponseDeclaration } from '../declaration/route';
import { CART_FAILURES, keyedFailures, readFailures, writeFailures } from './cart-failures';
import { productID, STOCK_MAX } from './cart-fields';
import { productListSchema, productSchema, stockedProductSchema, successSchema } from './cart-schemas';

const { productNotFound, stockReserved } = CART_FAILURES;

/** Maximum unit price, in minor units. */
const PRICE_MAX_MINOR = 999_999_999_999n;

const productChanged: ResponseDeclaration = {
  description: 'The product',
  body: stockedProductSchema.extend(successSchema.shape),
};

export const listProductsRoute = declareRoute({
  operationId: 'listProducts',
  method: 'get',
  path: '/products',
  tag: 'Products',
  summary: 'The products that the shop sells, ordered by product id',
  query: z.object({ after, limit }),
  access: { scope: 'shop:read', customers: 'all', limit: 'read' },
  responses: {
    200: { description: 'A page of products', body: productListSchema },
    ...readFailures(),
  },
});

export const getProductRoute = declareRoute({
  operationId: 'getProduct',
  method: 'get',
  path: '/products/:productID',
  tag: 'Products',
  summary: 'A product',
  params: z.object({ productID }),
  access: { scope: 'shop:read', customers: 'all', limit: 'read' },
  responses: {
    200: { description: 'The product', body: productSchema, headers: ['ETag'] },
    ...readFailures(productNotFound),
  },
});

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
  takesIfMatch: true,
  access: { scope: 'shop:admin', customers: 'none', limit: 'admin' },
  responses: {
    200: productChanged,
    ...writeFailures(stockReserved, {
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
  description: 'Each change is recorded: who made it, when and why, and the stock on hand before and after it.',
  params: z.object({ productID }),
  body: z.object({
    delta: integer(-STOCK_MAX, STOCK_MAX, 'Quantity to add to the stock on hand; negative to reduce it', 5),
    reason: text(500, 'Reason for the change, for the record', 'Delivery of 31 January').optional(),
  }),
  example: { delta: 5, reason: 'Delivery of 31 January' },
  isIdempotent: true,
  actsFor: ({ params }) => ({ kind: 'product', id: params.productID }),
  access: { scope: 'shop:admin', customers: 'none', limit: 'admin' },
  responses: {
    200: { ...productChanged, headers: ['Idempotency-Replayed'] },
    ...keyedFailures(productNotFound, stockReserved),
  },
});
