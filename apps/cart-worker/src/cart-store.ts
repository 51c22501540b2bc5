import type { Queryable } from '@souk/database';
import type { CartChange } from './decide-cart-changes';

/** What carts hold: pieces by product, by client. */
export type Carts = Map<string, Map<string, number>>;

interface CartRow {
  client_id: string;
  product_id: string;
  quantity: number;
}

const SELECT_CARTS =
  'SELECT client_id, product_id, quantity FROM client_cart WHERE client_id IN (?) ORDER BY client_id, product_id';

/** Reads carts as they are now, without holding them. */
export async function readCarts(db: Queryable, clientIDs: readonly string[]): Promise<Carts> {
  return clientIDs.length === 0 ? new Map() : toCarts(await db.rows<CartRow>(SELECT_CARTS, [clientIDs]));
}

/** Reads carts and holds their rows until the transaction ends, always in the order of the primary key. */
export async function lockCarts(tx: Queryable, clientIDs: readonly string[]): Promise<Carts> {
  return clientIDs.length === 0
    ? new Map()
    : toCarts(await tx.rows<CartRow>(`${SELECT_CARTS} FOR UPDATE`, [clientIDs]));
}

function toCarts(rows: readonly CartRow[]): Carts {
  const carts: Carts = new Map();
  for (const { client_id, product_id, quantity } of rows) {
    const cart = carts.get(client_id) ?? new Map<string, number>();
    carts.set(client_id, cart.set(product_id, Number(quantity)));
  }
  return carts;
}

const byKey = (a: readonly unknown[], b: readonly unknown[]) =>
  a[0] === b[0] ? (String(a[1]) < String(b[1]) ? -1 : 1) : String(a[0]) < String(b[0]) ? -1 : 1;

const rowsOf = (changes: readonly CartChange[], kind: 'add' | 'set') =>
  changes
    .flatMap(({ clientID, productID, change }) =>
      change.kind === kind ? [[clientID, productID, change.quantity]] : [],
    )
    .sort(byKey);

/** Adds pieces: what another transaction added meanwhile is summed, never overwritten. */
export async function addToCarts(tx: Queryable, rows: readonly (readonly [string, string, number])[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.write(
    'INSERT INTO client_cart (client_id, product_id, quantity) VALUES ? ON DUPLICATE KEY UPDATE quantity = quantity + VALUES(quantity)',
    [[...rows].sort(byKey)],
  );
}

/** Writes the changes of a batch, one statement a kind. */
export async function writeCartChanges(tx: Queryable, changes: readonly CartChange[]): Promise<void> {
  await addToCarts(tx, rowsOf(changes, 'add') as [string, string, number][]);
  const sets = rowsOf(changes, 'set');
  if (sets.length > 0) {
    await tx.write(
      'INSERT INTO client_cart (client_id, product_id, quantity) VALUES ? ON DUPLICATE KEY UPDATE quantity = VALUES(quantity)',
      [sets],
    );
  }
  const removals = changes.flatMap(({ clientID, productID, change }) =>
    change.kind === 'remove' ? [[clientID, productID] as const] : [],
  );
  await deleteCartItems(tx, removals);
}

const DELETE_CHUNK = 200;

/** Deletes exactly these rows, never a whole cart: what was added since stays. */
export async function deleteCartItems(tx: Queryable, keys: readonly (readonly [string, string])[]): Promise<void> {
  const sorted = [...keys].sort(byKey);
  for (let start = 0; start < sorted.length; start += DELETE_CHUNK) {
    const chunk = sorted.slice(start, start + DELETE_CHUNK);
    const where = chunk.map(() => '(client_id = ? AND product_id = ?)').join(' OR ');
    await tx.write(`DELETE FROM client_cart WHERE ${where}`, chunk.flat());
  }
}
