import { keyTable, overwrite, type Queryable } from '@souk/database';
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

/** @returns the number of lines of each reservation, by id; unknown ids are absent */
export async function countLines(db: Queryable, reserveIds: readonly string[]): Promise<Map<string, number>> {
  const rows = await forIds(reserveIds, (ids) =>
    db.rows<{ reserve_id: string; line_count: number | null }>(
      'SELECT reserve_id, JSON_LENGTH(items) AS line_count FROM reservation WHERE reserve_id IN (?)',
      [ids],
    ),
  );
  return new Map(rows.map((row) => [row.reserve_id, Number(row.line_count ?? 0)]));
}

/**
 * Reads the items of reservations to find the products to lock. No lock is taken, so the result is only a hint: items never
 * change, but an unknown id may have become known by the time the locks are held.
 */
export async function readItems(tx: Queryable, reserveIds: readonly string[]): Promise<Map<string, readonly Item[]>> {
  const rows = await forIds(reserveIds, (ids) =>
    tx.rows<{ reserve_id: string; items: string | null }>(
      'SELECT reserve_id, items FROM reservation WHERE reserve_id IN (?)',
      [ids],
    ),
  );
  return new Map(rows.map((row) => [row.reserve_id, parseItems(row.items) ?? []]));
}

interface ProductRow {
  product_id: string;
  product_name: string;
  quantity: number;
  unit_price: number | string;
  currency: string;
  actor: string;
}

/**
 * Locks products in id order and reads them.
 *
 * FORCE INDEX doesn't guarantee that only the named rows are locked. MySQL 9.7 and MariaDB 10.11 may still scan a small table
 * if the list names most of it (EXPLAIN shows that); the statement then also waits for rows that other transactions have locked.
 * A scan locks in id order too, so it can't cause a deadlock.
 * @returns the products that exist, by id, and the database's clock
 */
export async function lockProducts(
  tx: Queryable,
  productIds: readonly string[],
): Promise<{ now: Date; products: Map<string, Product> }> {
  const rows = await forIds(productIds, (ids) =>
    tx.rows<ProductRow>(
      `SELECT product_id, product_name, quantity, unit_price, currency, actor
         FROM product_details FORCE INDEX (PRIMARY) WHERE product_id IN (?) ORDER BY product_id FOR UPDATE`,
      [ids],
    ),
  );
  // The clock is read under the locks. Read earlier, it could count a reservation as live that another replica has seen expire.
  const [clock] = await tx.rows<{ now: Date }>('SELECT NOW(3) AS now');
  const { now } = clock!;
  const reserved = await readReserved(tx, productIds, now);
  const products = rows.map((row): Product => ({
    productId: row.product_id,
    productName: row.product_name,
    onHand: row.quantity,
    reserved: reserved.get(row.product_id) ?? 0,
    unitPrice: BigInt(row.unit_price),
    currency: row.currency,
    actor: row.actor,
  }));
  return { now, products: new Map(products.map((product) => [product.productId, product])) };
}

/** @returns the quantities held by unexpired reservations, by product */
async function readReserved(tx: Queryable, productIds: readonly string[], now: Date): Promise<Map<string, number>> {
  const rows = await forIds(productIds, (ids) =>
    tx.rows<{ product_id: string; reserved: number | string }>(
      `SELECT product_id, SUM(quantity) AS reserved FROM reserve_purchase
        WHERE product_id IN (?) AND expires_at > ? GROUP BY product_id`,
      [ids, now],
    ),
  );
  return new Map(rows.map((row) => [row.product_id, Number(row.reserved)]));
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
 * Writes the changes of a batch, kind by kind.
 * @throws the driver's error for a duplicate key (`isDuplicateKey`) if another replica was first to create an id or a product
 */
export async function writeChanges(tx: Queryable, changes: Changes): Promise<void> {
  const insert = async (target: string, rows: readonly unknown[][]) => {
    for (const chunk of chunksOf(rows, STATEMENT_ROWS_MAX)) await tx.write(`INSERT INTO ${target} VALUES ?`, [chunk]);
  };
  const productColumns = 'product_details (product_id, product_name, quantity, unit_price, currency, actor)';

  await insert(productColumns, changes.newProducts.map(toProductRow));
  // The rows of these products exist and are locked, so the upsert only updates.
  const overwritten = overwrite('product_name', 'quantity', 'unit_price', 'currency', 'actor');
  for (const chunk of chunksOf(changes.changedProducts.map(toProductRow), STATEMENT_ROWS_MAX))
    await tx.upsert(productColumns, chunk, overwritten);
  await insert(
    'reservation (reserve_id, items, actor)',
    changes.newReservations.map(({ reserveId, items, actor }) => [reserveId, items ? formatItems(items) : null, actor]),
  );
  await insert(
    'reserve_purchase (reserve_id, product_id, quantity, expires_at, actor)',
    changes.newHolds.flatMap(({ reserveId, items, expiresAt, actor }) =>
      items.map(({ productId, quantity }) => [reserveId, productId, quantity, new Date(expiresAt), actor]),
    ),
  );
  for (const chunk of chunksOf(changes.releasedIds, STATEMENT_IDS_MAX)) {
    const reserveIds = keyTable('VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin');
    await tx.write(`DELETE l FROM ${reserveIds} STRAIGHT_JOIN reserve_purchase l ON l.reserve_id = k.id`, [
      JSON.stringify(chunk),
    ]);
  }
  await insert(
    'reservation_outcome (reserve_id, outcome, shortages, actor)',
    changes.newOutcomes.map(({ reserveId, outcome, shortages, actor }) => [
      reserveId,
      outcome,
      shortages ? JSON.stringify(shortages) : null,
      actor,
    ]),
  );
  await insertStockChanges(tx, changes.stockChanges);
  await insertStockAnswers(tx, changes.stockAnswers);
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
