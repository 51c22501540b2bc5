import type { MessageOrigin, OrderState, Shortage } from '@souk/contracts';
import type { Queryable, Transaction } from '@souk/database';
import type { Minor } from '@souk/money';
import { chunksOf } from '@souk/service';

/** A line of an order. */
export interface OrderLine {
  productID: string;
  quantity: number;
  unitPrice: Minor;
}

/** An order inside this app. Messages carry an `OrderState`: see `toOrderState`. */
export interface Order extends Omit<OrderState, 'items' | 'total' | 'createdAt' | 'updatedAt'> {
  items: OrderLine[];
  total: Minor;
  createdAt: Date;
  updatedAt: Date;
}

/** Who requested an order, and in which request. */
type OrderOrigin = Pick<MessageOrigin, 'actor' | 'correlationId' | 'traceparent'>;

export interface NewOrder {
  order: Order;
  origin: OrderOrigin;
}

/** An order with its internal data. */
export interface StoredOrder extends NewOrder {
  /** Its position among all orders, in the order of their creation. */
  seq: number;
  /** Whether its cancellation was requested. If so, it fails unless it completes first. */
  isCancelling: boolean;
}

export interface OrderRow {
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

/** The columns of an `OrderRow`. */
export const ORDER_COLUMNS =
  'order_id, seq, client_id, status, code, error, shortages, reason, total, currency, actor, correlation_id, traceparent, created_at, updated_at, cancel_requested_at';

interface ItemRow {
  order_id: string;
  product_id: string;
  quantity: number;
  unit_price: number | string;
}

/** Reads the items of orders. @returns the orders by id, in the order of `rows` */
export const withItems = async (db: Queryable, rows: readonly OrderRow[]): Promise<Map<string, StoredOrder>> =>
  toStoredOrders(
    rows,
    await readItems(
      db,
      rows.map((row) => row.order_id),
    ),
  );

/** Reads the rows of orders and their items, in one round trip. @returns the orders by id */
export async function readWithItems(
  tx: Transaction,
  selectOrders: string,
  orderIDs: readonly string[],
): Promise<Map<string, StoredOrder>> {
  if (orderIDs.length === 0) return new Map();
  return toStoredOrders(...(await Promise.all([tx.rows<OrderRow>(selectOrders, [orderIDs]), readItems(tx, orderIDs)])));
}

async function readItems(db: Queryable, orderIDs: readonly string[]): Promise<ItemRow[]> {
  if (orderIDs.length === 0) return [];
  return db.rows<ItemRow>(
    'SELECT order_id, product_id, quantity, unit_price FROM order_item WHERE order_id IN (?) ORDER BY order_id, product_id',
    [orderIDs],
  );
}

function toStoredOrders(rows: readonly OrderRow[], items: readonly ItemRow[]): Map<string, StoredOrder> {
  const orders = new Map(rows.map((row) => [row.order_id, toStoredOrder(row)]));
  for (const { order_id, product_id, quantity, unit_price } of items) {
    const line = { productID: product_id, quantity: Number(quantity), unitPrice: BigInt(unit_price) };
    orders.get(order_id)?.order.items.push(line);
  }
  return orders;
}

function toStoredOrder(row: OrderRow): StoredOrder {
  // MariaDB returns JSON as text, MySQL as a parsed value.
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
      total: BigInt(row.total),
      currency: row.currency,
      createdAt: row.created_at,
      updatedAt: row.updated_at,
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

/** @returns the number of items in each order, by id; unknown orders are absent */
export async function countItems(db: Queryable, orderIDs: readonly string[]): Promise<Map<string, number>> {
  if (orderIDs.length === 0) return new Map();
  const rows = await db.rows<{ order_id: string; item_count: number }>(
    'SELECT order_id, COUNT(*) AS item_count FROM order_item WHERE order_id IN (?) GROUP BY order_id',
    [orderIDs],
  );
  return new Map(rows.map((row) => [row.order_id, Number(row.item_count)]));
}

/** @returns the leading rows whose orders have at most `itemsMax` items in total, but at least one row */
export async function limitItems(db: Queryable, rows: readonly OrderRow[], itemsMax: number): Promise<OrderRow[]> {
  const orderIDs = rows.map((row) => row.order_id);
  const itemCounts = await countItems(db, orderIDs);
  return chunksOf(rows, itemsMax, (row) => itemCounts.get(row.order_id) ?? 0)[0] ?? [];
}
