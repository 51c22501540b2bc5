import { ORDER_LINES_MAX, type JobRefusal, type OrderItem, type OrderState } from '@souk/contracts';
import { formatAmount, parseAmount } from '@souk/money';
import type { Stock } from '../carts/decide-cart-changes';

export interface CheckOutRequest {
  /** The job's id, which is also the id of the order, its reservation and its payment. */
  orderID: string;
  clientID: string;
  /** Decimal text; no order with another total is created. */
  expectedTotal?: string | undefined;
  now: Date;
}

export type CheckOutDecision = { ok: true; order: OrderState } | { ok: false; refusal: JobRefusal };

const refusal = (code: JobRefusal['code'], message: string, more: Partial<JobRefusal> = {}): CheckOutDecision => ({
  ok: false,
  refusal: { outcome: 'refused', replayed: false, code, message, ...more },
});

/** Refuses to check out a cart with more lines than an order can have. */
export const cartTooLarge = (lineCount: number): JobRefusal => ({
  outcome: 'refused',
  replayed: false,
  code: 'CART_FULL',
  message: `The cart has ${lineCount} lines; an order can have at most ${ORDER_LINES_MAX}. Remove some lines first`,
});

/**
 * Turns a cart into an order. Prices come from `stock` and are never read again.
 *
 * A line whose product isn't in `asked` was added after the inventory call, so it stays in the cart for the next checkout.
 * @param cart quantities by product
 * @param asked the products in the inventory call; one that is missing from `stock` no longer exists
 */
export function decideCheckOut(
  request: CheckOutRequest,
  cart: ReadonlyMap<string, number>,
  asked: ReadonlySet<string>,
  stock: Stock,
): CheckOutDecision {
  const lines = [...cart].filter(([productID]) => asked.has(productID));
  if (lines.length === 0) return refusal('CART_EMPTY', 'The cart is empty');

  const gone = lines.filter(([productID]) => !stock.has(productID));
  if (gone.length > 0) {
    const items = gone.map(([productID, requested]) => ({ productID, requested, available: 0 }));
    return refusal('INSUFFICIENT_STOCK', 'Some products are no longer sold', { items });
  }

  const items = lines.map(([productID, quantity]): OrderItem => ({
    productID,
    quantity,
    unitPrice: stock.get(productID)!.unitPrice,
  }));
  const total = totalOf(items);
  const { expectedTotal } = request;
  if (expectedTotal !== undefined && parseAmount(expectedTotal) !== total) {
    const message = `The total is ${formatAmount(total)} now, not ${expectedTotal}`;
    return refusal('TOTAL_CHANGED', message, { expectedTotal, total: formatAmount(total) });
  }
  const moment = request.now.toISOString();
  return {
    ok: true,
    order: {
      orderID: request.orderID,
      clientID: request.clientID,
      status: 'processing',
      error: '',
      code: '',
      items,
      total: formatAmount(total),
      currency: stock.get(items[0]!.productID)!.currency,
      createdAt: moment,
      updatedAt: moment,
    },
  };
}

function totalOf(items: readonly OrderItem[]): bigint {
  return items.reduce((sum, { quantity, unitPrice }) => {
    const minor = parseAmount(unitPrice);
    if (minor === undefined) throw new Error(`the inventory gave a price that is none: ${unitPrice}`);
    return sum + minor * BigInt(quantity);
  }, 0n);
}
