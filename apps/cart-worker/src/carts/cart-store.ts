import { QUANTITY_MAX } from '@souk/contracts';
import type { Queryable, Transaction } from '@souk/database';
import { chunksOf } from '@souk/service';

/** Quantities in carts, by client and product. */
export type Carts = Map<string, Map<string, number>>;

/** A cart line, identified by its client and product. */
export type LineKey = readonly [clientID: string, productID: string];

/** The net effect of a batch on one cart line. */
export interface CartChange {
  clientID: string;
  productID: string;
  change: { kind: 'add'; quantity: number } | { kind: 'set'; quantity: number } | { kind: 'remove' };
}

/** A cart line and its quantity. */
export type Line = readonly [clientID: string, productID: string, quantity: number];

interface CartRow {
  client_id: string;
  product_id: string;
  quantity: number;
}

/**
 * Maximum number of lines named in a statement. With more, MariaDB (from 1,000) or MySQL (depending on memory) would scan
 * the table instead of looking the lines up by their keys.
 */
const STATEMENT_LINES_MAX = 500;

/**
 * Locks carts until the transaction ends, so that changes to a cart are serialised. Take this lock before those of the cart's
 * rows. Row locks alone aren't enough: a line that doesn't exist yet has no row.
 */
export function lockCarts(tx: Transaction, clientIDs: readonly string[]): void {
  if (clientIDs.length === 0) return;
  const rows = [...new Set(clientIDs)].sort().map((clientID) => [clientID]);
  tx.defer('INSERT INTO cart_lock (client_id) VALUES ? ON DUPLICATE KEY UPDATE client_id = cart_lock.client_id', [
    rows,
  ]);
}

const FROM_COUNTED_CARTS = 'FROM client_cart WHERE client_id IN (?) GROUP BY client_id';

/** @returns the number of lines in each cart, by client; a client without a cart is absent */
export async function countLines(db: Queryable, clientIDs: readonly string[]): Promise<Map<string, number>> {
  if (clientIDs.length === 0) return new Map();
  const rows = await db.rows<{ client_id: string; line_count: number }>(
    `SELECT client_id, COUNT(*) AS line_count ${FROM_COUNTED_CARTS}`,
    [clientIDs],
  );
  return new Map(rows.map((row) => [row.client_id, Number(row.line_count)]));
}

const SELECT_CARTS =
  'SELECT client_id, product_id, quantity FROM client_cart FORCE INDEX (PRIMARY) WHERE client_id IN (?) ORDER BY client_id, product_id';

/** Reads whole carts without locking them. */
export async function readCarts(db: Queryable, clientIDs: readonly string[]): Promise<Carts> {
  return clientIDs.length === 0 ? new Map() : toCarts(await db.rows<CartRow>(SELECT_CARTS, [clientIDs]));
}

/** Reads whole carts and locks their rows, to keep out workers of an earlier release, which don't use `lockCarts`. */
export async function readCartsForUpdate(tx: Queryable, clientIDs: readonly string[]): Promise<Carts> {
  return clientIDs.length === 0
    ? new Map()
    : toCarts(await tx.rows<CartRow>(`${SELECT_CARTS} FOR UPDATE`, [clientIDs]));
}

/** What a batch of cart changes depends on. */
export interface LinesAndCounts {
  /** The lines to be changed. A line that is absent doesn't exist. */
  lines: Carts;
  /** The number of lines in each cart, by client; a client without a cart is absent. */
  lineCounts: Map<string, number>;
}

/** Reads single cart lines, and counts the lines of whole carts in the same statement. */
export async function readLinesAndCounts(
  db: Queryable,
  keys: readonly LineKey[],
  countedClientIDs: readonly string[],
): Promise<LinesAndCounts> {
  const queries = conditionsOf(keys).map(({ where, values }) => ({
    sql: `SELECT client_id, product_id, quantity FROM client_cart WHERE ${where}`,
    values,
  }));
  const [first, ...others] = queries;
  if (!first) return { lines: new Map(), lineCounts: await countLines(db, countedClientIDs) };
  if (countedClientIDs.length > 0) {
    first.sql += ` UNION ALL SELECT client_id, NULL, COUNT(*) ${FROM_COUNTED_CARTS}`;
    first.values.push(countedClientIDs);
  }
  // A row without a product has the number of lines in that client's cart.
  const rows: (CartRow | { client_id: string; product_id: null; quantity: number })[] = [];
  for (const { sql, values } of [first, ...others]) rows.push(...(await db.rows<(typeof rows)[number]>(sql, values)));
  const counts = rows.filter(({ product_id }) => product_id === null);
  return {
    lines: toCarts(rows.filter((row): row is CartRow => row.product_id !== null)),
    lineCounts: new Map(counts.map(({ client_id, quantity }) => [client_id, Number(quantity)])),
  };
}

function toCarts(rows: readonly CartRow[]): Carts {
  const carts: Carts = new Map();
  for (const { client_id, product_id, quantity } of rows) {
    const cart = carts.get(client_id) ?? new Map<string, number>();
    carts.set(client_id, cart.set(product_id, Number(quantity)));
  }
  return carts;
}

const compare = (a: string, b: string) => (a === b ? 0 : a < b ? -1 : 1);
const byKey = (a: readonly [string, string, ...unknown[]], b: readonly [string, string, ...unknown[]]) =>
  compare(a[0], b[0]) || compare(a[1], b[1]);

/** WHERE clauses that name lines by their full primary key, in key order. */
function conditionsOf(keys: readonly LineKey[]): { where: string; values: unknown[] }[] {
  return chunksOf([...keys].sort(byKey), STATEMENT_LINES_MAX).map((chunk) => {
    const productsByClient = new Map<string, string[]>();
    for (const [clientID, productID] of chunk) {
      const productIDs = productsByClient.get(clientID) ?? [];
      productIDs.push(productID);
      productsByClient.set(clientID, productIDs);
    }
    return {
      where: [...productsByClient].map(() => '(client_id = ? AND product_id IN (?))').join(' OR '),
      values: [...productsByClient].flat(1),
    };
  });
}

/** @param quantityOf returns the SQL for the new quantity of an existing line, given the SQL for its quantity in `lines` */
function writeLines(tx: Transaction, lines: readonly Line[], quantityOf: (quantity: string) => string): void {
  for (const chunk of chunksOf([...lines].sort(byKey), STATEMENT_LINES_MAX))
    tx.deferUpsert(
      'client_cart (client_id, product_id, quantity)',
      chunk,
      (incoming) => `quantity = ${quantityOf(incoming('quantity'))}`,
    );
}

/** Returns items to carts, up to the maximum quantity per line; a line above it is unchanged. */
export const returnToCarts = (tx: Transaction, lines: readonly Line[]): void =>
  writeLines(
    tx,
    lines.map(([clientID, productID, quantity]) => [clientID, productID, Math.min(quantity, QUANTITY_MAX)]),
    (added) => `GREATEST(client_cart.quantity, LEAST(client_cart.quantity + ${added}, ${QUANTITY_MAX}))`,
  );

/** Writes the changes of a batch. */
export function writeCartChanges(tx: Transaction, changes: readonly CartChange[]): void {
  const linesOf = (kind: 'add' | 'set') =>
    changes.flatMap(({ clientID, productID, change }): Line[] =>
      change.kind === kind ? [[clientID, productID, change.quantity]] : [],
    );
  writeLines(tx, linesOf('add'), (added) => `client_cart.quantity + ${added}`);
  writeLines(tx, linesOf('set'), (quantity) => quantity);
  const removals = changes.flatMap(({ clientID, productID, change }): LineKey[] =>
    change.kind === 'remove' ? [[clientID, productID]] : [],
  );
  deleteLines(tx, removals);
}

/** Deletes exactly these lines, never a whole cart, so lines added in the meantime stay. */
export function deleteLines(tx: Transaction, keys: readonly LineKey[]): void {
  // Only the multi-table form accepts the hint. Even so, a small table may be scanned if the keys are a large part of it; then
  // the statement also waits for rows that other transactions have locked. See `keyTable`.
  for (const { where, values } of conditionsOf(keys))
    tx.defer(`DELETE c FROM client_cart c FORCE INDEX (PRIMARY) WHERE ${where}`, values);
}
