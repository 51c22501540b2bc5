import { ORDER_LINES_MAX, type CartJob, type CartReply, type JobRefusal } from '@souk/contracts';
import type { Database, Queryable, Transaction } from '@souk/database';
import {
  claimInbox,
  recordAnswers,
  writeOutbox,
  type InboxRecord,
  type OutboxEntry,
  type OutboxRelay,
} from '@souk/messaging';
import { decideRepeat } from '@souk/service';
import { countLines, lockCarts, readCarts } from './carts/cart-store';
import { changeCarts } from './carts/change-carts';
import type { Inventory, Stock } from './inventory';
import { clientsOf, isCancellation, isCartChange, isCheckOut, isOrderJob, orderIDOf } from './job-kinds';
import { cancelOrders } from './orders/cancel-orders';
import { checkOutCarts } from './orders/check-out-carts';
import type { Quote } from './orders/decide-check-out';
import { toCheckoutJob, toOrderState } from './orders/order-messages';
import type { StoredOrder } from './orders/order-rows';
import { readOrders } from './orders/order-store';

export interface ApplyCartJobsDeps {
  db: Database;
  inventory: Inventory;
  outbox: Pick<OutboxRelay, 'nudge'>;
  recheckSeconds: number;
  /** Maximum number of lines in a cart. */
  linesMax: number;
  /** How long the answer to a request with an idempotency key is replayed, in milliseconds. */
  answerKeptMs: number;
}

/**
 * Applies a batch of jobs in one transaction: claims them in the inbox, changes carts, creates orders and hands them to the
 * checkout worker through the outbox. The jobs of a batch were in flight together, so changes are applied before checkouts.
 * @returns one reply per job, in order
 * @throws AppError `unavailable` or `timeout` if CartDB or the inventory doesn't respond; applying the batch again is safe
 */
export async function applyCartJobs(deps: ApplyCartJobsDeps, jobs: readonly CartJob[]): Promise<CartReply[]> {
  const firstDeliveries = new Map<string, CartJob>();
  for (const job of jobs) if (!firstDeliveries.has(job.id)) firstDeliveries.set(job.id, job);
  const distinctJobs = [...firstDeliveries.values()];
  const productIDs = await productsToQuote(deps.db, distinctJobs);
  // The query runs while the jobs are being claimed and the carts read.
  const quoting = quoteProducts(deps.inventory, productIDs);
  quoting.catch(() => undefined); // the transaction may fail before it awaits the answer

  const { replies, entries } = await deps.db.transaction(async (tx) => {
    const appliedBefore = await claimInbox(
      tx,
      distinctJobs.map((job) => ({ messageId: job.id, fingerprint: job.data.fingerprint, actor: job.actor })),
    );
    const newJobs = distinctJobs.filter((job) => !appliedBefore.has(job.id));
    const applied = await applyNewJobs(tx, deps, newJobs, quoting);
    const repeatedOrderJobs = distinctJobs.filter(isOrderJob).filter((job) => appliedBefore.has(job.id));
    const orders = await readOrders(tx, repeatedOrderJobs.map(orderIDOf));

    const replyTo = (job: CartJob): CartReply => {
      const record = appliedBefore.get(job.id);
      if (record) return replyToRepeated(job, record, orders, deps.answerKeptMs);
      const reply = applied.replies.get(job.id)!;
      const first = firstDeliveries.get(job.id)!;
      if (job === first) return reply;
      const { fingerprint } = first.data;
      const decision = decideRepeat({ fingerprint, ageMs: 0 }, job.data.fingerprint, deps.answerKeptMs);
      return decision === 'replay' ? asReplay(reply) : { outcome: 'mismatch' };
    };
    return { replies: jobs.map(replyTo), entries: applied.entries };
  });

  deps.outbox.nudge(entries);
  return replies;
}

/** @returns the products to add and those in the carts to check out */
async function productsToQuote(db: Queryable, jobs: readonly CartJob[]): Promise<Set<string>> {
  const clientIDs = clientsOf(jobs.filter(isCheckOut));
  const lineCounts = await countLines(db, clientIDs);
  const carts = await readCarts(
    db,
    clientIDs.filter((clientID) => (lineCounts.get(clientID) ?? 0) <= ORDER_LINES_MAX),
  );
  const cartProductIDs = [...carts.values()].flatMap((cart) => [...cart.keys()]);
  const addedProductIDs = jobs.flatMap((job) =>
    job.type === 'add-to-cart' || job.type === 'set-cart-item' ? [job.data.productID] : [],
  );
  return new Set([...cartProductIDs, ...addedProductIDs]);
}

/** Queries the inventory once for the whole batch. */
async function quoteProducts(inventory: Inventory, productIDs: ReadonlySet<string>): Promise<Quote> {
  const stock: Stock = productIDs.size > 0 ? await inventory.checkItems([...productIDs]) : new Map();
  return { productIDs, stock };
}

/** @returns the reply to each job, by its id, and the messages that follow */
async function applyNewJobs(
  tx: Transaction,
  { linesMax, recheckSeconds }: ApplyCartJobsDeps,
  jobs: readonly CartJob[],
  quoting: Promise<Quote>,
): Promise<{ replies: Map<string, CartReply>; entries: OutboxEntry[] }> {
  const changes = jobs.filter(isCartChange);
  const checkOuts = jobs.filter(isCheckOut);
  // Locks orders before carts, as `settleOrders` does.
  const cancelled = await cancelOrders(tx, jobs.filter(isCancellation));
  lockCarts(tx, clientsOf([...changes, ...checkOuts]));
  const stockAnswer = quoting.then(({ stock }) => stock);
  const changeReplies = await changeCarts(tx, changes, { stockAnswer, linesMax });
  const checkedOut = await checkOutCarts(tx, checkOuts, await quoting, recheckSeconds);

  const replies = new Map<string, CartReply>([...changeReplies, ...checkedOut.replies, ...cancelled.replies]);
  const refusals = [...replies].flatMap(([messageId, reply]) =>
    reply.outcome === 'refused' ? [{ messageId, answer: reply }] : [],
  );
  recordAnswers(tx, refusals);
  const entries = writeOutbox(tx, [...checkedOut.orders, ...cancelled.ordersToRerun].map(toCheckoutJob));
  return { replies, entries };
}

/**
 * The reply to a job that was applied earlier. The inbox stores only refusals; an accepted order job gets the current state of
 * its order.
 */
function replyToRepeated(
  job: CartJob,
  record: InboxRecord,
  orders: ReadonlyMap<string, StoredOrder>,
  answerKeptMs: number,
): CartReply {
  const stored = isOrderJob(job) ? orders.get(orderIDOf(job)) : undefined;
  const decision = decideRepeat(record, job.data.fingerprint, answerKeptMs);
  if (decision === 'IDEMPOTENCY_MISMATCH') return { outcome: 'mismatch' };
  if (decision === 'IDEMPOTENCY_EXPIRED')
    return { outcome: 'expired', ...(stored ? { orderID: stored.order.orderID } : {}) };
  if (record.answer !== null) return asReplay(record.answer as JobRefusal);
  if (!isOrderJob(job)) return { outcome: 'done', replayed: true };
  return stored ? { outcome: 'accepted', replayed: true, order: toOrderState(stored.order) } : { outcome: 'expired' };
}

const asReplay = (reply: CartReply): CartReply => ('replayed' in reply ? { ...reply, replayed: true } : reply);
