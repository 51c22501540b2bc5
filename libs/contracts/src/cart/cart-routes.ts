import { z } from 'zod';
import { declareRoute, type ResponseDeclaration } from '../declaration/route';
import { CART_FAILURES, keyedFailures, readFailures, writeFailures } from './cart-failures';
import { clientID, productID, quantity } from './cart-fields';
import { cartSchema, successSchema } from './cart-schemas';

const { productNotFound, stockShort, cartFull } = CART_FAILURES;

const cartChanged: ResponseDeclaration = {
  description: 'The cart was changed',
  body: successSchema,
  examples: { done: { status: 'success', error: '' } },
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
  access: { scope: 'shop:write', customers: 'own', limit: 'cart' },
  responses: {
    200: { ...cartChanged, headers: ['Idempotency-Replayed'] },
    ...keyedFailures(productNotFound, stockShort, cartFull),
  },
});

export const getCartRoute = declareRoute({
  operationId: 'getCart',
  method: 'get',
  path: '/cart/:clientID',
  tag: 'Cart',
  summary: 'A cart at current prices',
  description:
    'The cart of an unknown client is empty. A product that is no longer sold is not available, has no name and no price, and is not part of the total. ' +
    'While the inventory does not respond, names, prices, `available`, `total` and `currency` are null.',
  params: z.object({ clientID }),
  access: { scope: 'shop:read', customers: 'own', limit: 'read' },
  actsFor: ({ params }) => ({ kind: 'client', id: params.clientID }),
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
    ...readFailures(),
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
  access: { scope: 'shop:write', customers: 'own', limit: 'cart' },
  actsFor: ({ params }) => ({ kind: 'client', id: params.clientID }),
  responses: { 200: cartChanged, ...writeFailures(productNotFound, stockShort, cartFull) },
});

export const removeCartItemRoute = declareRoute({
  operationId: 'removeCartItem',
  method: 'delete',
  path: '/cart/:clientID/items/:productID',
  tag: 'Cart',
  summary: 'Remove a product from a cart',
  description: 'Also succeeds if the product is not in the cart.',
  params: z.object({ clientID, productID }),
  access: { scope: 'shop:write', customers: 'own', limit: 'cart' },
  actsFor: ({ params }) => ({ kind: 'client', id: params.clientID }),
  responses: { 200: cartChanged, ...readFailures() },
});
