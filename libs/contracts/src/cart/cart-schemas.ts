import { z } from 'zod';
import { amount, currency } from '../declaration/fields';
import { next } from '../declaration/paging';
import { clientID, productID } from './cart-fields';

/** The fields of every successful answer to a change. */
export const successSchema = z.object({ status: z.literal('success'), error: z.literal('') }).meta({ id: 'Success' });

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

export const productListSchema = z.object({ items: z.array(productSchema), next }).meta({ id: 'ProductList' });
