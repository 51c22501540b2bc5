import {
  checkoutJobsQueue,
  createMessage,
  ORDER_LINES_MAX,
  runCheckoutJob,
  type CartJob,
  type CartReply,
  type OrderState,
} from '@souk/contracts';
import type { Database, Queryable } from '@souk/database';
import { claimInbox, outgoing, recordAnswers, writeOutbox, type InboxRecord, type OutboxRelay } from '@souk/messaging';
import { cancelOrders, type CancelOrderJob } from '../orders/cancel-orders';
import { cartTooLarge, decideCheckOut } from '../orders/decide-check-out';
import { insertOrders, readOrders, type NewOrder } from '../orders/order-store';
import {
  countLines,
  deleteLines,
  holdLines,
  lockCarts,
  readCarts,
  readLines,
  writeCartChanges,
  type LineKey,
} from './cart-store';
import { decideCartChanges, type CartItemJob, type Stock } from './decide-cart-changes';
import type { Inventory } from './inventory';

export interface ApplyCartJobsDeps {
  db: Database;
  inventory: Inventory;
  outbox: Pick<OutboxRelay, 'nudge'>;
  recheckSeconds: number;
  /** Maximum number of lines in a cart. */
  linesMax: number;
  /** How long the answer to an idempotency key is replayed, in milliseconds. */
  answerKeptMs: number;
}

type CheckOutJob = Extract<CartJob, { type: 'check-out' }>;

const isCheckOut = (job: CartJob): job is CheckOutJob => job.type === 'check-out';
const isCancel = (job: CartJob): job is CancelOrderJob => job.type === 'cancel-order';
const isItemJob = (job: CartJob): job is CartItemJob => !isCheckOut(job) && !isCancel(job);

/** The order that a job creates or cancels. */
export const orderIDOf = (job: CartJob): string | undefined =>
  isCancel(job) ? job.data.orderID : isCheckOut(job) ? job.id : undefined;

/** The inventory's answer, obtained before the transaction; decisions are based on it. */
interface Quote {
  productIDs: ReadonlySet<string>;
  stock: Stock;
}

/**
 * Applies a batch of jobs in one transaction: claims them in the inbox, changes carts, creates orders and hands them to the
 * checkout worker through the outbox. The jobs of a batch were in flight together, so changes are applied before checkouts.
 * @returns one reply per job, in order
 * @throws AppError `unavailable` or `timeout` if CartDB or the inventory doesn't answer; applying the batch again is safe
 */
export async function applyCartJobs(deps: ApplyCartJobsDeps, jobs: readonly CartJob[]): Promise<CartReply[]> {
  const firstOf = new Map<string, CartJob>();
  for (const job of jobs) if (!firstOf.has(job.id)) firstOf.set(job.id, job);
  const unique = [...firstOf.values()];
  const quote = await askInventory(deps, unique);

  const { replies, entries } = await deps.db.transaction(async (tx) => {
    const known = await claimInbox(
      tx,
      unique.map((job) => ({ messageId: job.id, fingerprint: job.data.fingerprint, actor: job.actor })),
    );
    const fresh = unique.filter((job) => !known.has(job.id));
    const outcome = await applyFresh(tx, deps, fresh, quote);
    const orders = await readOrders(
      tx,
      [...known.keys()].flatMap((id) => orderIDOf(firstOf.get(id)!) ?? []),
    );

    const replyTo = (job: CartJob): CartReply => {
      const record = known.get(job.id);
      if (record) return replay(job, record, orders.get(orderIDOf(job) ?? '')?.order, deps.answerKeptMs);
      const first = firstOf.get(job.id)!;
      const reply = outcome.replies.get(job.id)!;
      if (job === first) return reply;
      return job.data.fingerprint === first.data.fingerprint ? repeated(reply) : { outcome: 'mismatch' };
    };
    return { replies: jobs.map(replyTo), entries: outcome.entries };
  });

  deps.outbox.nudge(entries);
  return replies;
}

/** Asks the inventory once for the whole batch: the products to add, and those in the carts to check out. */
async function askInventory({ db, inventory }: ApplyCartJobsDeps, jobs: readonly CartJob[]): Promise<Quote> {
  const clientIDs = clientsOf(jobs.filter(isCheckOut));
  const lineCounts = await countLines(db, clientIDs);
  const carts = await readCarts(
    db,
    clientIDs.filter((clientID) => (lineCounts.get(clientID) ?? 0) <= ORDER_LINES_MAX),
  );
  const inCarts = [...carts.values()].flatMap((cart) => [...cart.keys()]);
  const toAdd = jobs.flatMap((job) =>
    job.type === 'add-to-cart' || job.type === 'set-cart-item' ? [job.data.productID] : [],
  );
  const productIDs = new Set([...inCarts, ...toAdd]);
  const stock: Stock = productIDs.size > 0 ? await inventory.checkItems([...productIDs]) : new Map();
  return { productIDs, stock };
}

async function applyFresh(tx: Queryable, deps: ApplyCartJobsDeps, jobs: readonly CartJob[], quote: Quote) {
  const itemJobs = jobs.filter(isItemJob);
  const checkOuts = jobs.filter(isCheckOut);
  // Locks orders before carts, as settling does.
  const cancelled = await cancelOrders(tx, jobs.filter(isCancel));
  await lockCarts(tx, clientsOf([...itemJobs, ...checkOuts]));
  const decided = await changeCarts(tx, deps, itemJobs, quote.stock);
  // The inbox eventually forgets a key; the order it created stays.
  const made = await readOrders(
    tx,
    checkOuts.filter((job) => job.data.fingerprint !== undefined).map((job) => job.id),
  );
  const unmade = checkOuts.filter((job) => !made.has(job.id));
  const { orders, refusals } = await makeOrders(tx, deps, unmade, quote);

  const replies = new Map<string, CartReply>([
    ...itemJobs.map((job, index) => [job.id, decided.replies[index]!] as const),
    ...refusals,
    ...cancelled.replies,
  ]);
  const answers = [...replies].flatMap(([messageId, reply]) =>
    reply.outcome === 'refused' ? [{ messageId, answer: reply }] : [],
  );
  await recordAnswers(tx, answers);
  for (const { order } of made.values()) replies.set(order.orderID, expired(order));
  for (const { order } of orders) replies.set(order.orderID, { outcome: 'accepted', replayed: false, order });
  const entries = await writeOutbox(tx, [...orders, ...cancelled.cancelling].map(toCheckoutJob));
  return { replies, entries };
}

async function changeCarts(tx: Queryable, deps: ApplyCartJobsDeps, jobs: readonly CartItemJob[], stock: Stock) {
  const state = {
    carts: await readLines(tx, distinctLines(jobs)),
    lineCounts: await countLines(tx, clientsOf(jobs.filter(({ type }) => type !== 'remove-cart-item'))),
    stock,
    linesMax: deps.linesMax,
  };
  const decided = decideCartChanges(state, jobs);
  await writeCartChanges(tx, decided.changes);
  return decided;
}

async function makeOrders(
  tx: Queryable,
  { recheckSeconds }: ApplyCartJobsDeps,
  jobs: readonly CheckOutJob[],
  quote: Quote,
) {
  const lineCounts = await countLines(tx, clientsOf(jobs));
  const isTooLarge = (clientID: string) => (lineCounts.get(clientID) ?? 0) > ORDER_LINES_MAX;
  const carts = await holdLines(
    tx,
    clientsOf(jobs).filter((clientID) => !isTooLarge(clientID)),
  );
  const orders: NewOrder[] = [];
  const refusals: (readonly [string, CartReply])[] = [];
  const orderedLines: LineKey[] = [];

  for (const job of jobs) {
    const { clientID, expectedTotal } = job.data;
    if (isTooLarge(clientID)) {
      refusals.push([job.id, cartTooLarge(lineCounts.get(clientID)!)]);
      continue;
    }
    const request = { orderID: job.id, clientID, expectedTotal, now: new Date() };
    const decision = decideCheckOut(request, carts.get(clientID) ?? new Map(), quote.productIDs, quote.stock);
    if (!decision.ok) {
      refusals.push([job.id, decision.refusal]);
      continue;
    }
    const { actor, correlationId, traceparent } = job;
    orders.push({ order: decision.order, origin: { actor, correlationId, ...(traceparent ? { traceparent } : {}) } });
    for (const { productID } of decision.order.items) {
      orderedLines.push([clientID, productID]);
      carts.get(clientID)!.delete(productID); // a second checkout in the batch finds the cart empty
    }
  }
  await deleteLines(tx, orderedLines);
  await insertOrders(tx, orders, recheckSeconds);
  return { orders, refusals };
}

/** The job that runs an order's checkout. When sent again, it has the same order and the same prices. */
export function toCheckoutJob({ order, origin }: NewOrder) {
  const { orderID, clientID, items, total, currency } = order;
  const data = { orderID, clientID, items, total, currency };
  return outgoing(checkoutJobsQueue, createMessage(runCheckoutJob, data, { ...origin, causationId: orderID }));
}

function replay(job: CartJob, record: InboxRecord, order: OrderState | undefined, answerKeptMs: number): CartReply {
  if (record.fingerprint !== job.data.fingerprint) return { outcome: 'mismatch' };
  if (job.data.fingerprint !== undefined && record.ageMs > answerKeptMs) return expired(order);
  if (record.answer !== null) return repeated(record.answer as CartReply);
  return order ? { outcome: 'accepted', replayed: true, order } : { outcome: 'done', replayed: true };
}

const expired = (order: OrderState | undefined): CartReply => ({
  outcome: 'expired',
  ...(order ? { orderID: order.orderID } : {}),
});

const repeated = (reply: CartReply): CartReply => ('replayed' in reply ? { ...reply, replayed: true } : reply);

const clientsOf = (jobs: readonly (CartItemJob | CheckOutJob)[]) =>
  [...new Set(jobs.map((job) => job.data.clientID))].sort();

const distinctLines = (jobs: readonly CartItemJob[]): LineKey[] => {
  const keys = jobs.map(({ data }): LineKey => [data.clientID, data.productID]);
  return [...new Map(keys.map((key) => [JSON.stringify(key), key])).values()];
};
