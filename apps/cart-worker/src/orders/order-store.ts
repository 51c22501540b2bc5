import type { Queryable, Transaction } from '@souk/database';
import { chunksOf } from '@souk/service';
import {
  limitItems,
  ORDER_COLUMNS,
  readWithItems,
  withItems,
  type NewOrder,
  type Order,
  type OrderRow,
  type StoredOrder,
} from './order-rows';

/** Maximum number of items written by one statement. */
const STATEMENT_ITEMS_MAX = 1_000;
/** Maximum total number of items of the orders on a page. */
const PAGE_ITEMS_MAX = 5_000;
/** Maximum total number of items of the orders claimed together. */
const CLAIM_ITEMS_MAX = 2_000;

/** Writes new orders with their items. Their first recheck is `recheckSeconds` from now. */
export function insertOrders(tx: Transaction, orders: readonly NewOrder[], recheckSeconds: number): void {
  if (orders.length === 0) return;
  const row = '(?, ?, ?, ?, ?, ?, ?, NOW(3) + INTERVAL ? SECOND, ?, ?)';
  tx.defer(
    `INSERT INTO orders (order_id, client_id, total, currency, actor, correlation_id, traceparent, recheck_at, created_at, updated_at) VALUES ${orders.map(() => row).join(', ')}`,
    orders.flatMap(({ order, origin }) => [
      order.orderID,
      order.clientID,
      order.total.toString(),
      order.currency,
      origin.actor,
      origin.correlationId,
      origin.traceparent ?? null,
      recheckSeconds,
      order.createdAt,
      order.createdAt,
    ]),
  );
  const items = orders.flatMap(({ order }) =>
    order.items.map((item) => [order.orderID, item.productID, item.quantity, item.unitPrice.toString()]),
  );
  for (const chunk of chunksOf(items, STATEMENT_ITEMS_MAX))
    tx.defer('INSERT INTO order_item (order_id, product_id, quantity, unit_price) VALUES ?', [chunk]);
}

/** @returns the orders by id; unknown orders are absent */
export async function readOrders(db: Queryable, orderIDs: readonly string[]): Promise<Map<string, StoredOrder>> {
  if (orderIDs.length === 0) return new Map();
  const rows = await db.rows<OrderRow>(`SELECT ${ORDER_COLUMNS} FROM orders WHERE order_id IN (?)`, [orderIDs]);
  return withItems(db, rows);
}

/** @returns the orders that exist, by id, without their items */
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
export function requestCancellation(tx: Transaction, orderIDs: readonly string[]): void {
  if (orderIDs.length === 0) return;
  tx.defer(
    "UPDATE orders SET cancel_requested_at = NOW(3) WHERE status = 'processing' AND cancel_requested_at IS NULL AND order_id IN (?)",
    [orderIDs],
  );
}

/** Like `readOrders`, but locks the rows until the transaction ends. */
export const lockOrders = (tx: Transaction, orderIDs: readonly string[]): Promise<Map<string, StoredOrder>> =>
  readWithItems(
    tx,
    `SELECT ${ORDER_COLUMNS} FROM orders FORCE INDEX (PRIMARY) WHERE order_id IN (?) ORDER BY order_id FOR UPDATE`,
    orderIDs,
  );

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
    `SELECT ${ORDER_COLUMNS} FROM orders WHERE client_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?`,
    [clientID, before, limit + 1],
  );
  const pageRows = await limitItems(db, rows.slice(0, limit), PAGE_ITEMS_MAX);
  return { orders: [...(await withItems(db, pageRows)).values()], hasMore: pageRows.length < rows.length };
}

/**
 * Claims orders that have been processing for too long, and schedules their next recheck after twice the previous interval, at
 * most 16 times `recheckSeconds`.
 * @returns at most `limit` orders, fewer if they are large
 */
export async function claimOverdueOrders(tx: Queryable, recheckSeconds: number, limit: number): Promise<StoredOrder[]> {
  const rows = await tx.rows<OrderRow>(
    `SELECT ${ORDER_COLUMNS} FROM orders FORCE INDEX (by_recheck) WHERE recheck_at <= NOW(3) ORDER BY recheck_at LIMIT ? FOR UPDATE SKIP LOCKED`,
    [limit],
  );
  if (rows.length === 0) return [];
  const claimedRows = await limitItems(tx, rows, CLAIM_ITEMS_MAX);
  await tx.write(
    `UPDATE orders FORCE INDEX (PRIMARY) SET recheck_count = recheck_count + 1,
       recheck_at = NOW(3) + INTERVAL LEAST(? * POW(2, LEAST(recheck_count, 10)), ?) SECOND WHERE order_id IN (?)`,
    [recheckSeconds, recheckSeconds * 16, claimedRows.map((row) => row.order_id)],
  );
  return [...(await withItems(tx, claimedRows)).values()];
}

/** Completes locked orders that are still processing. */
export function completeOrders(tx: Transaction, orderIDs: readonly string[], now: Date): void {
  if (orderIDs.length === 0) return;
  tx.defer(
    `UPDATE orders FORCE INDEX (PRIMARY) SET status = 'completed', recheck_at = NULL, updated_at = ? WHERE status = 'processing' AND order_id IN (?)`,
    [now, orderIDs],
  );
}

/** Fails a locked order that is still processing. */
export function failOrder(tx: Transaction, { orderID, code, error, shortages, reason, updatedAt }: Order): void {
  tx.defer(
    `UPDATE orders SET status = 'failed', code = ?, error = ?, shortages = ?, reason = ?, recheck_at = NULL, updated_at = ? WHERE status = 'processing' AND order_id = ?`,
    [code, error, shortages ? JSON.stringify(shortages) : null, reason ?? '', updatedAt, orderID],
  );
}
