import { ORDER_LINES_MAX, type OrderReply } from '@souk/contracts';
import type { Queryable, Transaction } from '@souk/database';
import { parseAmount } from '@souk/money';
import { AppError } from '@souk/service';
import { deleteLines, readCartsForUpdate, type Carts, type LineKey } from '../carts/cart-store';
import type { Stock } from '../inventory';
import { clientsOf, type CheckOutJob } from '../job-kinds';
import { decideCheckOut, refuseLargeCart, type CheckOutRequest } from './decide-check-out';
import { toOrderState } from './order-messages';
import type { NewOrder } from './order-rows';
import { insertOrders } from './order-store';

/** What checkouts depend on. */
interface CheckOutState {
  /** Number of lines in each cart, by client. */
  lineCounts: ReadonlyMap<string, number>;
  /** Orders that earlier requests with the same keys created, by id. */
  existingOrders: ReadonlyMap<string, unknown>;
  carts: Carts;
  stock: Stock;
}

/** Reads and locks the carts that these jobs turn into orders. @returns a cart, perhaps empty, for each of their clients */
export async function readCartsToCheckOut(
  tx: Queryable,
  jobs: readonly CheckOutJob[],
  { lineCounts, existingOrders }: Pick<CheckOutState, 'lineCounts' | 'existingOrders'>,
): Promise<Carts> {
  const clientIDs = clientsOf(jobs.filter(({ id }) => !existingOrders.has(id))).filter(
    (clientID) => (lineCounts.get(clientID) ?? 0) <= ORDER_LINES_MAX,
  );
  const carts = await readCartsForUpdate(tx, clientIDs);
  return new Map(clientIDs.map((clientID) => [clientID, carts.get(clientID) ?? new Map<string, number>()]));
}

/**
 * Turns locked carts into orders.
 * @param state `carts` is modified: lines that become orders are removed
 * @returns the reply to each job, by its id, and the new orders
 */
export function checkOutCarts(
  tx: Transaction,
  jobs: readonly CheckOutJob[],
  { lineCounts, existingOrders, carts, stock }: CheckOutState,
  recheckSeconds: number,
): { replies: (readonly [jobID: string, OrderReply])[]; orders: NewOrder[] } {
  const orders: NewOrder[] = [];
  const replyTo = (job: CheckOutJob): OrderReply => {
    const { clientID } = job.data;
    if (existingOrders.has(job.id)) return { outcome: 'expired', orderID: job.id };
    const cart = carts.get(clientID);
    const lineCount = cart?.size ?? lineCounts.get(clientID)!;
    if (!cart || lineCount > ORDER_LINES_MAX) return refuseLargeCart(lineCount);
    const decision = decideCheckOut(toRequest(job), cart, stock);
    if (!decision.ok) return decision.refusal;
    cart.clear(); // a second checkout in the batch finds the cart empty
    orders.push({ order: decision.order, origin: originOf(job) });
    return { outcome: 'accepted', replayed: false, order: toOrderState(decision.order) };
  };
  const replies = jobs.map((job) => [job.id, replyTo(job)] as const);
  deleteLines(tx, orders.flatMap(cartLinesOf));
  insertOrders(tx, orders, recheckSeconds);
  return { replies, orders };
}

/** @throws AppError `invalid` */
function toRequest({ id, data: { clientID, expectedTotal } }: CheckOutJob): CheckOutRequest {
  const request = { orderID: id, clientID, now: new Date() };
  if (expectedTotal === undefined) return request;
  const total = parseAmount(expectedTotal);
  if (total === undefined) throw new AppError('invalid', 'INVALID_AMOUNT', 'expectedTotal is not a valid amount');
  return { ...request, expectedTotal: total };
}

const originOf = ({ actor, correlationId, traceparent }: CheckOutJob): NewOrder['origin'] => ({
  actor,
  correlationId,
  ...(traceparent ? { traceparent } : {}),
});

const cartLinesOf = ({ order }: NewOrder): LineKey[] => order.items.map(({ productID }) => [order.clientID, productID]);
