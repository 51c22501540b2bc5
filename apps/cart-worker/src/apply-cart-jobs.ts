import type { CartJob, CartReply, JobRefusal } from '@souk/contracts';
import type { Database, Transaction } from '@souk/database';
import {
  claimInbox,
  recordAnswers,
  writeOutbox,
  type InboxRecord,
  type OutboxEntry,
  type OutboxRelay,
} from '@souk/messaging';
import { decideRepeat } from '@souk/service';
import { setImmediate } from 'node:timers/promises';
import { lockCarts, type Carts } from './carts/cart-store';
import { applyToCarts, changeCarts, readLinesToChange } from './carts/change-carts';
import type { Inventory, Stock } from './inventory';
import {
  clientsOf,
  isCancellation,
  isCartChange,
  isCheckOut,
  isOrderJob,
  orderIDOf,
  type CancelOrderJob,
  type CartChangeJob,
  type CheckOutJob,
} from './job-kinds';
import { cancelOrders } from './orders/cancel-orders';
import { checkOutCarts, readCartsToCheckOut } from './orders/check-out-carts';
import { toCheckoutJob, toOrderState } from './orders/order-messages';
import type { StoredOrder } from './orders/order-rows';
import { findOrders, readOrders } from './orders/order-store';

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
  const stockFor = await startStockQuery(deps.inventory, distinctJobs);

  const { replies, entries } = await deps.db.transaction(async (tx) => {
    const applied = await applyDistinctJobs(tx, deps, distinctJobs, stockFor);
    const repeatedOrderJobs = distinctJobs.filter(isOrderJob).filter((job) => applied.before.has(job.id));
    const orders = await readOrders(tx, repeatedOrderJobs.map(orderIDOf));

    const replyTo = (job: CartJob): CartReply => {
      const record = applied.before.get(job.id);
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

/** @returns the stock of the products in these carts and of those that the batch puts into carts */
type StockQuery = (carts: Carts) => Promise<Stock>;

/**
 * Queries the inventory once per batch: immediately, in parallel with claiming the jobs and reading the carts, or, if the batch
 * has checkouts, after reading their carts.
 */
async function startStockQuery(inventory: Inventory, jobs: readonly CartJob[]): Promise<StockQuery> {
  const check = async (productIDs: ReadonlySet<string>): Promise<Stock> =>
    productIDs.size > 0 ? inventory.checkItems([...productIDs]) : new Map();
  const addedProductIDs = jobs.flatMap((job) =>
    job.type === 'add-to-cart' || job.type === 'set-cart-item' ? [job.data.productID] : [],
  );
  if (jobs.some(isCheckOut))
    return (carts) => check(new Set([...addedProductIDs, ...[...carts.values()].flatMap((cart) => [...cart.keys()])]));
  const answer = check(new Set(addedProductIDs));
  answer.catch(() => undefined); // the transaction may fail before it awaits the answer
  // HTTP/2 sends a call at the end of the current turn. Without this pause, the call would wait until the statements are built.
  await setImmediate();
  return () => answer;
}

interface AppliedJobs {
  /** Jobs that were applied before, by id. */
  before: ReadonlyMap<string, InboxRecord>;
  /** The reply to each other job, by its id. */
  replies: Map<string, CartReply>;
  /** The messages that follow. */
  entries: OutboxEntry[];
}

/** Claims the jobs and applies the new ones. */
async function applyDistinctJobs(
  tx: Transaction,
  { linesMax, recheckSeconds }: ApplyCartJobsDeps,
  jobs: readonly CartJob[],
  stockFor: StockQuery,
): Promise<AppliedJobs> {
  const claiming = claimInbox(
    tx,
    jobs.map((job) => ({ messageId: job.id, fingerprint: job.data.fingerprint, actor: job.actor })),
  );
  const cancelled = await cancelNewOrders(tx, jobs.filter(isCancellation), claiming);
  // Includes repeated jobs: the round trip that reads the carts also claims the jobs.
  const opened = openCarts(tx, jobs.filter(isCartChange), jobs.filter(isCheckOut));
  const [before, { lines, lineCounts, existingOrders }] = await Promise.all([claiming, opened]);
  const isNew = ({ id }: CartJob) => !before.has(id);
  const changes = jobs.filter(isCartChange).filter(isNew);
  const checkOuts = jobs.filter(isCheckOut).filter(isNew);

  const carts = await readCartsToCheckOut(tx, checkOuts, { lineCounts, existingOrders });
  const stock = changes.length + carts.size > 0 ? await stockFor(carts) : new Map<string, never>();
  const changed = changeCarts(tx, changes, { carts: lines, lineCounts, stock, linesMax });
  applyToCarts(carts, changed.changes);
  const checkedOut = checkOutCarts(tx, checkOuts, { lineCounts, existingOrders, carts, stock }, recheckSeconds);

  const replies = new Map<string, CartReply>([...changed.replies, ...checkedOut.replies, ...cancelled.replies]);
  const refusals = [...replies].flatMap(([messageId, reply]) =>
    reply.outcome === 'refused' ? [{ messageId, answer: reply }] : [],
  );
  recordAnswers(tx, refusals);
  const entries = writeOutbox(tx, [...checkedOut.orders, ...cancelled.ordersToRerun].map(toCheckoutJob));
  return { before, replies, entries };
}

/** Locks orders before any cart is locked, as `settleOrders` does. If there are no cancellations, doesn't wait for the claims. */
async function cancelNewOrders(
  tx: Transaction,
  jobs: readonly CancelOrderJob[],
  claiming: Promise<ReadonlyMap<string, InboxRecord>>,
): ReturnType<typeof cancelOrders> {
  if (jobs.length === 0) return { replies: [], ordersToRerun: [] };
  const before = await claiming;
  return cancelOrders(
    tx,
    jobs.filter(({ id }) => !before.has(id)),
  );
}

/** Locks the carts of these jobs, and reads what the jobs depend on, in one round trip. */
async function openCarts(tx: Transaction, changes: readonly CartChangeJob[], checkOuts: readonly CheckOutJob[]) {
  lockCarts(tx, clientsOf([...changes, ...checkOuts]));
  // The inbox eventually forgets a key, but the order created with it stays.
  const keyedCheckOuts = checkOuts.filter(({ data }) => data.fingerprint !== undefined);
  const clientsToCount = clientsOf([...changes.filter(({ type }) => type !== 'remove-cart-item'), ...checkOuts]);
  const [{ lines, lineCounts }, existingOrders] = await Promise.all([
    readLinesToChange(tx, changes, clientsToCount),
    findOrders(tx, keyedCheckOuts.map(orderIDOf)),
  ]);
  return { lines, lineCounts, existingOrders };
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
