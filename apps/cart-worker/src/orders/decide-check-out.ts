import { ORDER_LINES_MAX, type JobRefusal } from '@souk/contracts';
import { formatAmount, type Minor } from '@souk/money';
import type { Stock } from '../inventory';
import type { Order, OrderLine } from './order-rows';

export interface CheckOutRequest {
  /** The job's id, which is also the id of the order, its reservation and its payment. */
  orderID: string;
  clientID: string;
  /** If set, an order is created only with this total. */
  expectedTotal?: Minor | undefined;
  now: Date;
}

type CheckOutDecision = { ok: true; order: Order } | { ok: false; refusal: JobRefusal };

/**
 * Turns a cart into an order. Its prices are never read again.
 * @param cart quantities by product
 * @param stock prices of the cart's products; a product that doesn't exist is absent
 */
export function decideCheckOut(
  request: CheckOutRequest,
  cart: ReadonlyMap<string, number>,
  stock: Stock,
): CheckOutDecision {
  const lines = [...cart];
  if (lines.length === 0) return { ok: false, refusal: refuse('CART_EMPTY', 'The cart is empty') };

  const unsoldLines = lines.filter(([productID]) => !stock.has(productID));
  if (unsoldLines.length > 0) {
    const shortages = unsoldLines.map(([productID, requested]) => ({ productID, requested, available: 0 }));
    const refusal = refuse('INSUFFICIENT_STOCK', 'Some products are no longer sold');
    return { ok: false, refusal: { ...refusal, items: shortages } };
  }

  const items = lines.map(([productID, quantity]): OrderLine => {
    const { unitPrice } = stock.get(productID)!;
    return { productID, quantity, unitPrice };
  });
  const total = items.reduce((sum, { quantity, unitPrice }) => sum + unitPrice * BigInt(quantity), 0n);
  const { orderID, clientID, expectedTotal, now } = request;
  if (expectedTotal !== undefined && expectedTotal !== total) {
    const totals = { expectedTotal: formatAmount(expectedTotal), total: formatAmount(total) };
    const refusal = refuse('TOTAL_CHANGED', `The total is ${totals.total} now, not ${totals.expectedTotal}`);
    return { ok: false, refusal: { ...refusal, ...totals } };
  }
  const { currency } = stock.get(items[0]!.productID)!;
  const state = { status: 'processing', error: '', code: '' } as const;
  return { ok: true, order: { orderID, clientID, ...state, items, total, currency, createdAt: now, updatedAt: now } };
}

/** Refuses to check out a cart with more lines than an order can have. */
export const refuseLargeCart = (lineCount: number): JobRefusal =>
  refuse(
    'CART_FULL',
    `The cart has ${lineCount} lines; an order can have at most ${ORDER_LINES_MAX}. Remove some lines first`,
  );

const refuse = (code: JobRefusal['code'], message: string): JobRefusal => ({
  outcome: 'refused',
  replayed: false,
  code,
  message,
});
