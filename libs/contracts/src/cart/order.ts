import { z } from 'zod';
import { amount, currency, id, list, moment } from '../declaration/fields';
import { next } from '../declaration/paging';
import { EXAMPLE_ORDER_ID, productID } from './cart-fields';

/** The reasons for which an order fails. */
export const ORDER_FAILURE_CODES = [
  'INSUFFICIENT_STOCK',
  'PAYMENT_DECLINED',
  'RESERVATION_EXPIRED',
  'CANCELLED',
  'ORDER_TOO_LARGE',
] as const;
export type OrderFailureCode = (typeof ORDER_FAILURE_CODES)[number];

/** The `error` of an order that failed with CANCELLED. */
export const ORDER_CANCELLED = 'The order was cancelled; its stock was given back and nothing was charged';

/** Maximum number of lines of an order, all reserved in one call. Only carts older than `CART_LINES_MAX` can have more. */
export const ORDER_LINES_MAX = 20_000;

/** A line of an order that the stock did not cover. */
export const shortageSchema = z
  .object({
    productID,
    requested: z.number().int().meta({ description: 'Quantity requested', example: 3 }),
    available: z.number().int().meta({ description: 'Quantity that could be bought', example: 1 }),
  })
  .meta({ id: 'Shortage' });
export type Shortage = z.infer<typeof shortageSchema>;

export const shortageList = list(shortageSchema, ORDER_LINES_MAX);

export const orderItemSchema = z
  .object({
    productID,
    quantity: z.number().int().meta({ description: 'Quantity', example: 2 }),
    unitPrice: amount('Unit price, fixed when the order was created', '12.50'),
  })
  .meta({ id: 'OrderItem' });

/** An order as clients see it. */
export const orderSchema = z
  .object({
    orderID: z.string().meta({ description: 'The order', example: EXAMPLE_ORDER_ID }),
    clientID: id('The client who placed the order', 'demo-customer'),
    status: z
      .enum(['processing', 'completed', 'failed'])
      .meta({ description: 'An order leaves `processing` exactly once' }),
    error: z
      .string()
      .meta({ description: 'Human-readable reason for the failure; empty unless the order failed', example: '' }),
    code: z
      .union([z.literal(''), z.enum(ORDER_FAILURE_CODES)])
      .meta({ description: 'Machine-readable reason for the failure; empty unless the order failed', example: '' }),
    items: list(orderItemSchema, ORDER_LINES_MAX),
    total: amount('Sum of quantity times unit price', '25.00'),
    currency,
    createdAt: moment('When the order was created from the cart'),
    updatedAt: moment('When the status last changed'),
  })
  .meta({ id: 'Order' });
export type Order = z.infer<typeof orderSchema>;

export const orderListSchema = z.object({ items: z.array(orderSchema), next }).meta({ id: 'OrderList' });
export type OrderList = z.infer<typeof orderListSchema>;

/** The payment provider's reason code for a declined payment. */
export const declineReason = z.string().meta({
  description:
    '`NO_WALLET`, `INSUFFICIENT_FUNDS`, `SAME_WALLET`, `BALANCE_LIMIT` or `PAYMENT_MISMATCH`; others may be added',
  example: 'INSUFFICIENT_FUNDS',
});

/** An order with the details of its failure: the shortages, or the reason for the declined payment. */
export const orderStateSchema = orderSchema.extend({
  shortages: shortageList.optional(),
  reason: declineReason.optional(),
});
export type OrderState = z.infer<typeof orderStateSchema>;
