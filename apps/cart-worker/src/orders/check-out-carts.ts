import { ORDER_LINES_MAX, type OrderReply } from '@souk/contracts';
import type { Transaction } from '@souk/database';
import { parseAmount } from '@souk/money';
import { AppError } from '@souk/service';
import { countLines, deleteLines, readCartsForUpdate, type LineKey } from '../carts/cart-store';
import { clientsOf, type CheckOutJob } from '../job-kinds';
import { decideCheckOut, refuseLargeCart, type CheckOutRequest, type Quote } from './decide-check-out';
import { toOrderState } from './order-messages';
import type { NewOrder } from './order-rows';
import { findOrders, insertOrders } from './order-store';

/**
 * Turns locked carts into orders.
 * @returns the reply to each job, by its id, and the new orders
 */
export async function checkOutCarts(
  tx: Transaction,
  jobs: readonly CheckOutJob[],
  quote: Quote,
  recheckSeconds: number,
): Promise<{ replies: (readonly [jobID: string, OrderReply])[]; orders: NewOrder[] }> {
  // The inbox eventually forgets a key, but the order created with it stays.
  const keyedJobs = jobs.filter(({ data }) => data.fingerprint !== undefined);
  const [existingOrders, lineCounts] = await Promise.all([
    findOrders(
      tx,
      keyedJobs.map(({ id }) => id),
    ),
    countLines(tx, clientsOf(jobs)),
  ]);
  const clientIDs = clientsOf(jobs.filter(({ id }) => !existingOrders.has(id)));
  const isTooLarge = (clientID: string) => (lineCounts.get(clientID) ?? 0) > ORDER_LINES_MAX;
  const carts = await readCartsForUpdate(
    tx,
    clientIDs.filter((clientID) => !isTooLarge(clientID)),
  );

  const orders: NewOrder[] = [];
  const replyTo = (job: CheckOutJob): OrderReply => {
    const { clientID } = job.data;
    if (existingOrders.has(job.id)) return { outcome: 'expired', orderID: job.id };
    if (isTooLarge(clientID)) return refuseLargeCart(lineCounts.get(clientID)!);
    const cart = carts.get(clientID) ?? new Map<string, number>();
    const decision = decideCheckOut(toRequest(job), cart, quote);
    if (!decision.ok) return decision.refusal;
    // A second checkout in the batch then finds the cart empty.
    for (const { productID } of decision.order.items) cart.delete(productID);
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
