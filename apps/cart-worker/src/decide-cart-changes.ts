import type { CartJob, CartReply } from '@souk/contracts';
import type { Carts } from './cart-store';

/** What the inventory says of a product. Prices are decimal strings. */
export interface ProductStock {
  available: number;
  unitPrice: string;
  currency: string;
}

/** Products that exist, by id. */
export type Stock = ReadonlyMap<string, ProductStock>;

export type CartItemJob = Exclude<CartJob, { type: 'check-out' }>;

/** The net effect of a batch on one row of a cart. */
export interface CartChange {
  clientID: string;
  productID: string;
  change: { kind: 'add'; quantity: number } | { kind: 'set'; quantity: number } | { kind: 'remove' };
}

const DONE: CartReply = { outcome: 'done', replayed: false };

const productNotFound = (productID: string): CartReply => ({
  outcome: 'refused',
  replayed: false,
  code: 'PRODUCT_NOT_FOUND',
  message: `There is no product ${productID}`,
});

const insufficientStock = (productID: string, wanted: number, available: number): CartReply => ({
  outcome: 'refused',
  replayed: false,
  code: 'INSUFFICIENT_STOCK',
  message: `The cart would hold ${wanted} of ${productID}; ${available} can be bought`,
  available,
});

/**
 * Decides a batch of changes to carts, in their order: each sees the effect of those before it.
 * @param carts what the carts hold now; not changed
 * @returns one reply a job, in order, and the net changes
 */
export function decideCartChanges(
  carts: Carts,
  stock: Stock,
  jobs: readonly CartItemJob[],
): { replies: CartReply[]; changes: CartChange[] } {
  const held = new Map<string, number>();
  const changes = new Map<string, CartChange>();

  const replies = jobs.map((job): CartReply => {
    const { clientID, productID } = job.data;
    const key = JSON.stringify([clientID, productID]);
    const holds = held.get(key) ?? carts.get(clientID)?.get(productID) ?? 0;
    const before = changes.get(key)?.change;

    if (job.type === 'remove-cart-item') {
      held.set(key, 0);
      changes.set(key, { clientID, productID, change: { kind: 'remove' } });
      return DONE;
    }
    const { quantity } = job.data;
    const product = stock.get(productID);
    if (!product) return productNotFound(productID);
    const wanted = job.type === 'add-to-cart' ? holds + quantity : quantity;
    if (wanted > product.available) return insufficientStock(productID, wanted, product.available);

    held.set(key, wanted);
    // After a set or a removal the row is known; before, another worker may be adding to it, so an addition stays one.
    const added = before === undefined ? 0 : before.kind === 'add' ? before.quantity : undefined;
    const isAddition = job.type === 'add-to-cart' && added !== undefined;
    const change = isAddition
      ? { kind: 'add' as const, quantity: added + quantity }
      : { kind: 'set' as const, quantity: wanted };
    changes.set(key, { clientID, productID, change });
    return DONE;
  });

  return { replies, changes: [...changes.values()] };
}
