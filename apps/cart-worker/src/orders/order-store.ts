import type { MessageOrigin, Order, OrderFailureCode, OrderState, Shortage } from '@souk/contracts';
import type { Queryable } from '@souk/database';
import { formatAmount, parseAmount } from '@souk/money';
import { chunksOf } from '@souk/service';

interface OrderRow {
  order_id: string;
  seq: number;
  client_id: string;
  status: Order['status'];
  code: Order['code'];
  error: string;
  shortages: unknown;
  reason: string;
  total: string;
  currency: string;
  actor: string;
  correlation_id: string;
  traceparent: string | null;
  created_at: Date;
  updated_at: Date;
  cancel_requested_at: Date | null;
}

/** Who requested an order, and in which request. */
export type OrderOrigin = Pick<MessageOrigin, 'actor' | 'correlationId' | 'traceparent'>;

/** An order and its internal data. */
export interface StoredOrder {
  order: OrderState;
  seq: number;
  origin: OrderOrigin;
  /** Its cancellation was requested, so it fails unless it completes first. */
  isCancelling: boolean;
}

/** Maximum number of lines written by one statement. */
const STATEMENT_ITEMS_MAX = 1_000;

/** Maximum number of lines of all orders on a page. */
const PAGE_ITEMS_MAX = 5_000;
/** Maximum number of lines of all orders claimed together. */
const CLAIM_ITEMS_MAX = 2_000;

const COLUMNS =
  'order_id, seq, client_id, status, code, error, shortages, reason, total, currency, actor, correlation_id, traceparent, created_at, updated_at, cancel_requested_at';

const minorOf = (text: string) => parseAmount(text)!.toString();

export interface NewOrder {
  order: OrderState;
  origin: OrderOrigin;
}

/** Writes new orders with their lines. Their first recheck is `recheckSeconds` from now. */
export async function insertOrders(tx: Queryable, orders: readonly NewOrder[], recheckSeconds: number): Promise<void> {
  if (orders.length === 0) return;
  const row = '(?, ?, ?, ?, ?, ?, ?, NOW(3) + INTERVAL ? SECOND, ?, ?)';
  await tx.write(
    `INSERT INTO orders (order_id, client_id, total, currency, actor, correlation_id, traceparent, recheck_at, created_at, updated_at) VALUES ${orders.map(() => row).join(', ')}`,
    orders.flatMap(({ order, origin }) => {
      const created = new Date(order.createdAt);
      return [
        order.orderID,
        order.clientID,
        minorOf(order.total),
        order.currency,
        origin.actor,
        origin.correlationId,
        origin.traceparent ?? null,
        recheckSeconds,
        created,
        created,
      ];
    }),
  );
  const items = orders.flatMap(({ order }) =>
    order.items.map((item) => [order.orderID, item.productID, item.quantity, minorOf(item.unitPrice)]),
  );
  for (const chunk of chunksOf(items, STATEMENT_ITEMS_MAX))
    await tx.write('INSERT INTO order_item (order_id, product_id, quantity, unit_price) VALUES ?', [chunk]);
}

/** Orders by id; unknown ones are absent. */
export async function readOrders(db: Queryable, orderIDs: readonly string[]): Promise<Map<string, StoredOrder>> {
  if (orderIDs.length === 0) return new Map();
  const rows = await db.rows<OrderRow>(`SELECT ${COLUMNS} FROM orders WHERE order_id IN (?)`, [orderIDs]);
  return withItems(db, rows);
}

/** @returns the orders that exist, by id, without their lines */
export async function findOrders(
  db: Queryable,
  orderIDs: readonly string[],
): Promise<Map<string, Pick<StoredOrder, 'isCancelling'>>> {
  if (orderIDs.length === 0) return new Map();
  const rows = await db.rows<Pick<OrderRow, 'order_id' | 'cancel_requested_at'>>(
    'SELECT order_id, cancel_requested_at FROM orders WHERE order_id IN (?)',
    [orderIDs],
  );
  return new Map(rows.map((row) => [row.order_id, { isCancelling: row.cancel_requested_at !== null }]));
}

/** Marks orders that are still processing for cancellation. */
export async function requestCancellation(tx: Queryable, orderIDs: readonly string[]): Promise<void> {
  if (orderIDs.length === 0) return;
  await tx.write(
    "UPDATE orders SET cancel_requested_at = NOW(3) WHERE status = 'processing' AND cancel_requested_at IS NULL AND order_id IN (?)",
    [orderIDs],
  );
}

/** Like `readOrders`, locking the rows until the transaction ends. */
export async function lockOrders(tx: Queryable, orderIDs: readonly string[]): Promise<Map<string, StoredOrder>> {
  if (orderIDs.length === 0) return new Map();
  const rows = await tx.rows<OrderRow>(
    `SELECT ${COLUMNS} FROM orders FORCE INDEX (PRIMARY) WHERE order_id IN (?) ORDER BY order_id FOR UPDATE`,
    [orderIDs],
  );
  return withItems(tx, rows);
}

/** @returns the number of lines in each order, by id; unknown orders are absent */
export async function countItems(db: Queryable, orderIDs: readonly string[]): Promise<Map<string, number>> {
  if (orderIDs.length === 0) return new Map();
  const rows = await db.rows<{ order_id: string; item_count: number }>(
    'SELECT order_id, COUNT(*) AS item_count FROM order_item WHERE order_id IN (?) GROUP BY order_id',
    [orderIDs],
  );
  return new Map(rows.map((row) => [row.order_id, Number(row.item_count)]));
}

/** @returns the first of `rows` that have at most `itemsMax` lines in total; at least one */
async function withinItems(db: Queryable, rows: readonly OrderRow[], itemsMax: number): Promise<OrderRow[]> {
  const itemCounts = await countItems(
    db,
    rows.map((row) => row.order_id),
  );
  return chunksOf(rows, itemsMax, (row) => itemCounts.get(row.order_id) ?? 0)[0] ?? [];
}

/**
 * Reads a client's orders with a `seq` below `before`, newest first.
 * @returns at most `limit` orders, fewer if they are large, and whether there are more
 */
export async function listOrders(
  db: Queryable,
  clientID: string,
  before: number,
  limit: number,
): Promise<{ orders: StoredOrder[]; hasMore: boolean }> {
  const rows = await db.rows<OrderRow>(
    `SELECT ${COLUMNS} FROM orders WHERE client_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?`,
    [clientID, before, limit + 1],
  );
  const page = await withinItems(db, rows.slice(0, limit), PAGE_ITEMS_MAX);
  return { orders: [...(await withItems(db, page)).values()], hasMore: page.length < rows.length };
}

/**
 * Claims orders that have been processing for too long, and schedules their next recheck after twice the previous interval, at
 * most 16 times `recheckSeconds`.
 * @returns at most `limit` orders, fewer if they are large
 */
export async function claimOverdueOrders(tx: Queryable, recheckSeconds: number, limit: number): Promise<StoredOrder[]> {
  const rows = await tx.rows<OrderRow>(
    `SELECT ${COLUMNS} FROM orders FORCE INDEX (by_recheck) WHERE recheck_at <= NOW(3) ORDER BY recheck_at LIMIT ? FOR UPDATE SKIP LOCKED`,
    [limit],
  );
  if (rows.length === 0) return [];
  const claimed = await withinItems(tx, rows, CLAIM_ITEMS_MAX);
  await tx.write(
    `UPDATE orders FORCE INDEX (PRIMARY) SET recheck_count = recheck_count + 1,
       recheck_at = NOW(3) + INTERVAL LEAST(? * POW(2, LEAST(recheck_count, 10)), ?) SECOND WHERE order_id IN (?)`,
    [recheckSeconds, recheckSeconds * 16, claimed.map((row) => row.order_id)],
  );
  return [...(await withItems(tx, claimed)).values()];
}

/** @returns how many orders left `processing` */
export function completeOrders(tx: Queryable, orderIDs: readonly string[], now: Date): Promise<number> {
  return tx.write(
    `UPDATE orders FORCE INDEX (PRIMARY) SET status = 'completed', recheck_at = NULL, updated_at = ? WHERE status = 'processing' AND order_id IN (?)`,
    [now, orderIDs],
  );
}

export interface OrderFailure {
  orderID: string;
  code: OrderFailureCode;
  error: string;
  shortages: Shortage[] | undefined;
  /** Why the payment was declined. */
  reason: string | undefined;
}

/** @returns how many orders left `processing`: 1 or 0 */
export function failOrder(
  tx: Queryable,
  { orderID, code, error, shortages, reason }: OrderFailure,
  now: Date,
): Promise<number> {
  return tx.write(
    `UPDATE orders SET status = 'failed', code = ?, error = ?, shortages = ?, reason = ?, recheck_at = NULL, updated_at = ? WHERE status = 'processing' AND order_id = ?`,
    [code, error, shortages ? JSON.stringify(shortages) : null, reason ?? '', now, orderID],
  );
}

interface ItemRow {
  order_id: string;
  product_id: string;
  quantity: number;
  unit_price: number | string;
}

async function withItems(db: Queryable, rows: readonly OrderRow[]): Promise<Map<string, StoredOrder>> {
  const orders = new Map(rows.map((row) => [row.order_id, toStoredOrder(row)]));
  if (rows.length === 0) return orders;
  const items = await db.rows<ItemRow>(
    'SELECT order_id, product_id, quantity, unit_price FROM order_item WHERE order_id IN (?) ORDER BY order_id, product_id',
    [[...orders.keys()]],
  );
  for (const { order_id, product_id, quantity, unit_price } of items) {
    orders.get(order_id)!.order.items.push({
      productID: product_id,
      quantity: Number(quantity),
      unitPrice: formatAmount(BigInt(unit_price)),
    });
  }
  return orders;
}

function toStoredOrder(row: OrderRow): StoredOrder {
  // MariaDB returns JSON as text, MySQL parsed.
  const shortages = (typeof row.shortages === 'string' ? JSON.parse(row.shortages) : row.shortages) as
    Shortage[] | null;
  return {
    order: {
      orderID: row.order_id,
      clientID: row.client_id,
      status: row.status,
      error: row.error,
      code: row.code,
      items: [],
      total: formatAmount(BigInt(row.total)),
      currency: row.currency,
      createdAt: row.created_at.toISOString(),
      updatedAt: row.updated_at.toISOString(),
      ...(shortages ? { shortages } : {}),
      ...(row.reason === '' ? {} : { reason: row.reason }),
    },
    seq: Number(row.seq),
    isCancelling: row.cancel_requested_at !== null,
    origin: {
      actor: row.actor,
      correlationId: row.correlation_id,
      ...(row.traceparent === null ? {} : { traceparent: row.traceparent }),
    },
  };
}
