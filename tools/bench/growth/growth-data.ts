import type { Connection, RowDataPacket } from 'mysql2/promise';
import { customerOf, productOf, type Shape } from './shape';

/** The rows that the measurements use, spread evenly over all filled rows. There are equally many at every scale. */
export interface GrowthData {
  /** Half of the customers add to carts and the other half check out, so that carts stay small. */
  adders: string[];
  buyers: string[];
  products: string[];
  walletIds: string[];
  accountIds: string[];
  orderIds: string[];
  /** The customer with the most orders and transactions, and positions nine tenths of the way through them. */
  largest: { clientId: string; accountId: string; deepOrder: number; deepLine: number };
  deepProduct: string;
}

/** The same at every scale: more data, but not more active customers. */
const SAMPLE = 2_048;
const PRODUCTS_SAMPLE = 200;

export async function readGrowthData(database: Connection, shape: Shape): Promise<GrowthData> {
  const customers = spread(shape.customers - 1, 2 * SAMPLE).map((index) => index + 1);
  const names = customers.map(customerOf);
  const buyers = names.filter((_, index) => index % 2 === 0);
  const wallets = await accountsOf(database, buyers);
  const [[newest]] = await database.query<RowDataPacket[]>('SELECT MAX(seq) AS last FROM cart.orders');
  const places = spread(Number(newest!.last), SAMPLE).map((index) => index + 1);
  const [orders] = await database.query<RowDataPacket[]>(
    'SELECT order_id FROM cart.orders WHERE seq IN (?) ORDER BY FIELD(seq, ?)',
    [places, places],
  );
  return {
    adders: names.filter((_, index) => index % 2 === 1),
    buyers,
    products: spread(shape.products, PRODUCTS_SAMPLE).map(productOf),
    walletIds: wallets.map(({ wallet_id }) => wallet_id),
    accountIds: wallets.map(({ account_id }) => account_id),
    orderIds: orders.map((row) => row.order_id as string),
    largest: await readLargest(database),
    deepProduct: productOf(Math.floor(shape.products * 0.9)),
  };
}

/** Has no common factor with the sizes of the samples. */
const MIXING = 1_237;

/** @returns `count` numbers from 0 to `total` - 1, in mixed order, so that neighbours aren't used one after another */
function spread(total: number, count: number): number[] {
  const step = total / count;
  const mixed = Array.from({ length: count }, (_, index) => (index * MIXING) % count);
  return mixed.map((index) => Math.floor(index * step));
}

interface AccountRow extends RowDataPacket {
  account_id: string;
  wallet_id: string;
}

async function accountsOf(database: Connection, references: readonly string[]): Promise<AccountRow[]> {
  const [rows] = await database.query<AccountRow[]>(
    `SELECT a.id AS account_id, w.id AS wallet_id FROM wallet.account a JOIN wallet.wallet w ON w.account_id = a.id
      WHERE a.reference IN (?) ORDER BY FIELD(a.reference, ?)`,
    [references, references],
  );
  return rows;
}

async function readLargest(database: Connection): Promise<GrowthData['largest']> {
  const clientId = customerOf(0);
  const [account] = await accountsOf(database, [clientId]);
  const [[orders]] = await database.query<RowDataPacket[]>(
    'SELECT COUNT(*) AS number FROM cart.orders WHERE client_id = ?',
    [clientId],
  );
  // Lists are newest first, so the page nine tenths of the way through begins at one tenth of the sequence.
  const [[order]] = await database.query<RowDataPacket[]>(
    'SELECT seq FROM cart.orders WHERE client_id = ? ORDER BY seq LIMIT 1 OFFSET ?',
    [clientId, Math.floor(Number(orders!.number) / 10)],
  );
  const [[wallet]] = await database.query<RowDataPacket[]>('SELECT sequence FROM wallet.wallet WHERE id = ?', [
    account!.wallet_id,
  ]);
  return {
    ...{ clientId, accountId: account!.account_id },
    deepOrder: Number(order!.seq),
    deepLine: Math.floor(Number(wallet!.sequence) / 10),
  };
}
