import { QUANTITY_MAX, type CartChangeReply, type JobRefusal } from '@souk/contracts';
import type { Stock } from '../inventory';
import type { CartChangeJob } from '../job-kinds';
import type { CartChange, Carts } from './cart-store';

/** The state that cart changes are decided on. */
export interface CartsState {
  /** The lines to be changed. A line that is absent doesn't exist. */
  carts: Carts;
  /** Number of lines in each cart, by client. */
  lineCounts: ReadonlyMap<string, number>;
  stock: Stock;
  /** Maximum number of lines in a cart. */
  linesMax: number;
}

const DONE: CartChangeReply = { outcome: 'done', replayed: false };

/**
 * Decides a batch of cart changes in order; each change sees the effects of those before it.
 * @param state the current carts; not modified
 * @returns one reply per job, in order, and the net changes
 */
export function decideCartChanges(
  state: CartsState,
  jobs: readonly CartChangeJob[],
): { replies: CartChangeReply[]; changes: CartChange[] } {
  const quantities = new Map<string, number>();
  const lineCounts = new Map(state.lineCounts);
  const changes = new Map<string, CartChange>();

  const decide = (job: CartChangeJob): CartChangeReply => {
    const { clientID, productID } = job.data;
    const lineKey = JSON.stringify([clientID, productID]);
    const lineCount = lineCounts.get(clientID) ?? 0;
    const quantityBefore = quantities.get(lineKey) ?? state.carts.get(clientID)?.get(productID) ?? 0;
    const apply = (quantity: number, change: CartChange['change']) => {
      lineCounts.set(clientID, lineCount + Number(quantity > 0) - Number(quantityBefore > 0));
      quantities.set(lineKey, quantity);
      changes.set(lineKey, { clientID, productID, change });
      return DONE;
    };
    if (job.type === 'remove-cart-item') return apply(0, { kind: 'remove' });

    const quantity = job.type === 'add-to-cart' ? quantityBefore + job.data.quantity : job.data.quantity;
    const refusal = refusalOf(state, { productID, quantity, isNew: quantityBefore === 0 }, lineCount);
    if (refusal) return refusal;
    // After a set or a removal, the quantity is known. Before that, a worker of an earlier release, which doesn't use
    // `lockCarts`, may be changing it, so an add stays relative.
    const earlierChange = changes.get(lineKey)?.change ?? { kind: 'add', quantity: 0 };
    if (job.type === 'add-to-cart' && earlierChange.kind === 'add')
      return apply(quantity, { kind: 'add', quantity: earlierChange.quantity + job.data.quantity });
    return apply(quantity, { kind: 'set', quantity });
  };

  return { replies: jobs.map(decide), changes: [...changes.values()] };
}

/** @returns the reason why a cart with `lineCount` lines can't have this line, if there is one */
function refusalOf(
  { stock, linesMax }: CartsState,
  { productID, quantity, isNew }: { productID: string; quantity: number; isNew: boolean },
  lineCount: number,
): JobRefusal | undefined {
  if (quantity > QUANTITY_MAX)
    return refuse('INVALID_REQUEST', `quantity must be at most ${QUANTITY_MAX}; the cart would hold ${quantity}`);
  const product = stock.get(productID);
  if (!product) return refuse('PRODUCT_NOT_FOUND', `There is no product ${productID}`);
  if (isNew && lineCount >= linesMax)
    return refuse('CART_FULL', `The cart already has ${lineCount} lines; it can have at most ${linesMax}`);
  const { available } = product;
  if (quantity <= available) return undefined;
  const message = `The cart would hold ${quantity} of ${productID}; ${available} can be bought`;
  return { ...refuse('INSUFFICIENT_STOCK', message), available };
}

const refuse = (code: JobRefusal['code'], message: string): JobRefusal => ({
  outcome: 'refused',
  replayed: false,
  code,
  message,
});
