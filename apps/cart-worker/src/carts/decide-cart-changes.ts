import { QUANTITY_MAX, type CartJob, type JobRefusal, type CartReply } from '@souk/contracts';
import type { Carts } from './cart-store';

/** A product's availability and price according to the inventory. Prices are decimal strings. */
export interface ProductStock {
  available: number;
  unitPrice: string;
  currency: string;
}

/** Products that exist, by id. */
export type Stock = ReadonlyMap<string, ProductStock>;

export type CartItemJob = Exclude<CartJob, { type: 'check-out' } | { type: 'cancel-order' }>;

/** The state on which cart changes are decided. */
export interface CartsState {
  /** The lines to be changed; missing lines don't exist. */
  carts: Carts;
  /** Number of lines in each cart, by client. */
  lineCounts: ReadonlyMap<string, number>;
  stock: Stock;
  /** Maximum number of lines in a cart. */
  linesMax: number;
}

/** The net effect of a batch on one cart line. */
export interface CartChange {
  clientID: string;
  productID: string;
  change: { kind: 'add'; quantity: number } | { kind: 'set'; quantity: number } | { kind: 'remove' };
}

const DONE: CartReply = { outcome: 'done', replayed: false };

const refusal = (code: JobRefusal['code'], message: string, more: Partial<JobRefusal> = {}): JobRefusal => ({
  outcome: 'refused',
  replayed: false,
  code,
  message,
  ...more,
});

/**
 * Decides a batch of cart changes in order; each sees the effect of those before it.
 * @param state the current carts; not modified
 * @returns one reply per job, in order, and the net changes
 */
export function decideCartChanges(
  { carts, lineCounts, stock, linesMax }: CartsState,
  jobs: readonly CartItemJob[],
): { replies: CartReply[]; changes: CartChange[] } {
  const held = new Map<string, number>();
  const lines = new Map(lineCounts);
  const changes = new Map<string, CartChange>();
  const countLine = (clientID: string, difference: number) =>
    lines.set(clientID, (lines.get(clientID) ?? 0) + difference);

  const replies = jobs.map((job): CartReply => {
    const { clientID, productID } = job.data;
    const key = JSON.stringify([clientID, productID]);
    const holds = held.get(key) ?? carts.get(clientID)?.get(productID) ?? 0;
    const before = changes.get(key)?.change;

    if (job.type === 'remove-cart-item') {
      if (holds > 0) countLine(clientID, -1);
      held.set(key, 0);
      changes.set(key, { clientID, productID, change: { kind: 'remove' } });
      return DONE;
    }
    const { quantity } = job.data;
    const wanted = job.type === 'add-to-cart' ? holds + quantity : quantity;
    const refused = refusalOf(productID, wanted, holds > 0 ? undefined : (lines.get(clientID) ?? 0));
    if (refused) return refused;

    if (holds === 0) countLine(clientID, 1);
    held.set(key, wanted);
    // After a set or a removal the quantity is known. Before that another worker may be adding to it, so an add stays relative.
    const added = before === undefined ? 0 : before.kind === 'add' ? before.quantity : undefined;
    const isAddition = job.type === 'add-to-cart' && added !== undefined;
    const change = isAddition
      ? { kind: 'add' as const, quantity: added + quantity }
      : { kind: 'set' as const, quantity: wanted };
    changes.set(key, { clientID, productID, change });
    return DONE;
  });

  /** @param linesBefore the number of lines in the cart, if this line would be new */
  function refusalOf(productID: string, wanted: number, linesBefore: number | undefined): JobRefusal | undefined {
    if (wanted > QUANTITY_MAX)
      return refusal('INVALID_REQUEST', `quantity must be at most ${QUANTITY_MAX}; the cart would hold ${wanted}`);
    const product = stock.get(productID);
    if (!product) return refusal('PRODUCT_NOT_FOUND', `There is no product ${productID}`);
    if (linesBefore !== undefined && linesBefore >= linesMax)
      return refusal('CART_FULL', `The cart already has ${linesBefore} lines; it can have at most ${linesMax}`);
    const { available } = product;
    if (wanted > available)
      return refusal(
        'INSUFFICIENT_STOCK',
        `The cart would hold ${wanted} of ${productID}; ${available} can be bought`,
        { available },
      );
    return undefined;
  }

  return { replies, changes: [...changes.values()] };
}
