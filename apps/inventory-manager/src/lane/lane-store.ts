import { keyTable, overwrite, type Queryable, type Transaction } from '@souk/database';
import { chunksOf } from '@souk/service';
import type { Changes, Item, StoredReservation, Outcome, Product, Shortage } from './inventory-state';
import { insertStockAnswers, insertStockChanges } from './stock-change-store';

/*
 * The lock order, the same for every writer: products, then reservation ids, then stock change ids, each sorted. Reservations
 * and answers to stock changes are read without a lock: changing one requires the locks of its products, and inserting one twice
 * fails on its primary key.
 */

/**
 * Maximum number of ids named in a statement. With more, a database scans a table of any size instead of looking rows up by
 * their keys: MariaDB from 1,000 ids, MySQL depending on memory. For small tables, see `lockProducts`.
 */
export const STATEMENT_IDS_MAX = 500;
/** Maximum number of rows inserted by a statement. */
const STATEMENT_ROWS_MAX = 1_000;

/** Runs a query for many ids in chunks, in order, and concatenates the results. */
async function forIds<Row>(ids: readonly string[], query: (ids: string[]) => Promise<Row[]>): Promise<Row[]> {
  const rows: Row[] = [];
  for (const chunk of chunksOf(ids, STATEMENT_IDS_MAX)) for (const row of await query(chunk)) rows.push(row);
  return rows;
}

/**
 * Reads the items of reservations to find the products to lock. No lock is taken, so the result is only a hint: items never
 * change, but an unknown id may have become known by the time the locks are held.
 */
export async function readItems(db: Queryable, reserveIds: readonly string[]): Promise<Map<string, readonly Item[]>> {
  const rows = await forIds(reserveIds, (ids) =>
    db.rows<{ reserve_id: string; items: string | null }>(
      'SELECT reserve_id, items FROM reservation WHERE reserve_id IN (?)',
      [ids],
    ),
  );
  return new Map(rows.map((row) => [row.reserve_id, parseItems(row.items) ?? []]));
}

/** A product without its reserved quantity. */
type LockedProduct = Omit<Product, 'reserved'>;

interface ProductRow {
  product_id: string;
  product_name: string;
  quantity: number;
  unit_price: number | string;
  currency: string;
  actor: string;
}

/**
 * Locks products in id order and reads them, without their reserved quantities.
 *
 * FORCE INDEX doesn't guarantee that only the named rows are locked. MySQL 9.7 and MariaDB 10.11 may still scan a small table
 * if the list names most of it (EXPLAIN shows that); the statement then also waits for rows that other transactions have locked.
 * A scan locks in id order too, so it can't cause a deadlock.
 * @returns the products that exist
 */
export async function lockProducts(tx: Queryable, productIds: readonly string[]): Promise<LockedProduct[]> {
  const rows = await forIds(productIds, (ids) =>
    tx.rows<ProductRow>(
      `SELECT product_id, product_name, quantity, unit_price, currency, actor
         FROM product_details FORCE INDEX (PRIMARY) WHERE product_id IN (?) ORDER BY product_id FOR UPDATE`,
      [ids],
    ),
  );
  return rows.map((row) => ({
    productId: row.product_id,
    productName: row.product_name,
    onHand: row.quantity,
    unitPrice: BigInt(row.unit_price),
    currency: row.currency,
    actor: row.actor,
  }));
}

interface ReservedRow {
  now: Date;
  /** Null if there are no reservations; then this is the only row. */
  product_id: string | null;
  reserved: number | string | null;
}

/**
 * Reads the database's clock, and the quantities held by reservations that are unexpired at that time. Call this while holding
 * the locks on the products: with an earlier time, a reservation could count as live after another replica has seen it expire.
 * @returns the time, and the quantities by product
 */
export async function readReserved(
  tx: Queryable,
  productIds: readonly string[],
): Promise<{ now: Date; reserved: Map<string, number> }> {
  const firstIds = productIds.length > 0 ? productIds.slice(0, STATEMENT_IDS_MAX) : [''];
  const firstRows = await tx.rows<ReservedRow>(
    `SELECT NOW(3) AS now, l.product_id, SUM(l.quantity) AS reserved
       FROM (SELECT 1) AS clock LEFT JOIN reserve_purchase l ON l.product_id IN (?) AND l.expires_at > NOW(3)
      GROUP BY l.product_id`,
    [firstIds],
  );
  const { now } = firstRows[0]!;
  const otherRows = await forIds(productIds.slice(STATEMENT_IDS_MAX), (ids) =>
    tx.rows<ReservedRow>(
      `SELECT product_id, SUM(quantity) AS reserved FROM reserve_purchase
        WHERE product_id IN (?) AND expires_at > ? GROUP BY product_id`,
      [ids, now],
    ),
  );
  const reserved = [...firstRows, ...otherRows].flatMap(({ product_id, reserved: quantity }): [string, number][] =>
    product_id === null ? [] : [[product_id, Number(quantity)]],
  );
  return { now, reserved: new Map(reserved) };
}

interface ReservationRow {
  reserve_id: string;
  items: string | null;
  outcome: Outcome | null;
  shortages: string | null;
  expires_at: Date | null;
}

/** Reads reservations; unknown ids are absent. Consistent only under the locks of their products. */
export async function readReservations(
  tx: Queryable,
  reserveIds: readonly string[],
): Promise<Map<string, StoredReservation>> {
  const rows = await forIds(reserveIds, (ids) =>
    tx.rows<ReservationRow>(
      `SELECT r.reserve_id, r.items, o.outcome, o.shortages,
              (SELECT MIN(l.expires_at) FROM reserve_purchase l WHERE l.reserve_id = r.reserve_id) AS expires_at
         FROM reservation r LEFT JOIN reservation_outcome o ON o.reserve_id = r.reserve_id
        WHERE r.reserve_id IN (?)`,
      [ids],
    ),
  );
  return new Map(
    rows.map((row) => [
      row.reserve_id,
      {
        items: parseItems(row.items),
        ...(row.outcome && { outcome: row.outcome }),
        ...(row.shortages !== null && { shortages: JSON.parse(row.shortages) as Shortage[] }),
        ...(row.expires_at && { expiresAt: row.expires_at.getTime() }),
      },
    ]),
  );
}

/**
 * Writes the changes of a batch, kind by kind. The transaction fails with a duplicate-key error (`isDuplicateKey`) if another
 * replica was first to create an id or a product.
 */
export function writeChanges(tx: Transaction, changes: Changes): void {
  const insert = (target: string, rows: readonly unknown[][]) => {
    for (const chunk of chunksOf(rows, STATEMENT_ROWS_MAX)) tx.defer(`INSERT INTO ${target} VALUES ?`, [chunk]);
  };
  const productColumns = 'product_details (product_id, product_name, quantity, unit_price, currency, actor)';

  insert(productColumns, changes.newProducts.map(toProductRow));
  // The rows of these products exist and are locked, so the upsert only updates.
  const overwritten = overwrite('product_name', 'quantity', 'unit_price', 'currency', 'actor');
  for (const chunk of chunksOf(changes.changedProducts.map(toProductRow), STATEMENT_ROWS_MAX))
    tx.deferUpsert(productColumns, chunk, overwritten);
  insert(
    'reservation (reserve_id, items, actor)',
    changes.newReservations.map(({ reserveId, items, actor }) => [reserveId, items ? formatItems(items) : null, actor]),
  );
  insert(
    'reserve_purchase (reserve_id, product_id, quantity, expires_at, actor)',
    changes.newHolds.flatMap(({ reserveId, items, expiresAt, actor }) =>
      items.map(({ productId, quantity }) => [reserveId, productId, quantity, new Date(expiresAt), actor]),
    ),
  );
  for (const chunk of chunksOf(changes.releasedIds, STATEMENT_IDS_MAX)) {
    const reserveIds = keyTable('VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin');
    tx.defer(`DELETE l FROM ${reserveIds} STRAIGHT_JOIN reserve_purchase l ON l.reserve_id = k.id`, [
      JSON.stringify(chunk),
    ]);
  }
  insert(
    'reservation_outcome (reserve_id, outcome, shortages, actor)',
    changes.newOutcomes.map(({ reserveId, outcome, shortages, actor }) => [
      reserveId,
      outcome,
      shortages ? JSON.stringify(shortages) : null,
      actor,
    ]),
  );
  insertStockChanges(tx, changes.stockChanges);
  insertStockAnswers(tx, changes.stockAnswers);
}

/**
 * Finds expired reservations that still have rows.
 * @returns the distinct ids of at most `limit` rows
 */
export async function findExpired(db: Queryable, limit: number): Promise<string[]> {
  const rows = await db.rows<{ reserve_id: string }>(
    'SELECT reserve_id FROM reserve_purchase WHERE expires_at <= NOW(3) ORDER BY expires_at LIMIT ?',
    [limit],
  );
  return [...new Set(rows.map((row) => row.reserve_id))];
}

const toProductRow = ({ productId, productName, onHand, unitPrice, currency, actor }: Product) => [
  productId,
  productName,
  onHand,
  unitPrice.toString(),
  currency,
  actor,
];

const formatItems = (items: readonly Item[]) =>
  JSON.stringify(items.map(({ productId, quantity }) => [productId, quantity]));

const parseItems = (items: string | null): Item[] | undefined =>
  items === null
    ? undefined
    : (JSON.parse(items) as [string, number][]).map(([productId, quantity]) => ({ productId, quantity }));
