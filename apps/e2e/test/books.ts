import { eventually } from '@souk/testing';
import type { SoukSystem } from './souk-system';
import { MERCHANT } from './wallets';

interface ProductBooks {
  product_id: string;
  quantity: number;
  sold: number;
  reserved: number;
}

/** Reads each product's stock and reservations in the inventory, and its quantity in completed orders. */
async function readProductBooks(souk: SoukSystem): Promise<Map<string, ProductBooks>> {
  const rows = await souk.rows<ProductBooks>(
    `SELECT p.product_id, p.quantity,
            COALESCE((SELECT SUM(i.quantity) FROM cart.order_item i JOIN cart.orders o USING (order_id)
                       WHERE i.product_id = p.product_id AND o.status = 'completed'), 0) AS sold,
            COALESCE((SELECT SUM(r.quantity) FROM inventory.reserve_purchase r WHERE r.product_id = p.product_id), 0) AS reserved
       FROM inventory.product_details p`,
  );
  return new Map(
    rows.map((row) => [
      row.product_id,
      { ...row, quantity: Number(row.quantity), sold: Number(row.sold), reserved: Number(row.reserved) },
    ]),
  );
}

/** Waits until no order is processing. */
export function waitUntilAllOrdersEnd(souk: SoukSystem, timeoutMs = 120_000): Promise<void> {
  return eventually(async () => {
    const openOrders = await souk.rows<{ order_id: string }>(
      "SELECT order_id FROM cart.orders WHERE status = 'processing' LIMIT 5",
    );
    if (openOrders.length > 0) throw new Error(`still processing: ${openOrders.map((row) => row.order_id).join(', ')}`);
  }, timeoutMs);
}

/**
 * Checks the books against the promises. Call it once every order has ended.
 * @param stockSet the stock that was set for each product
 * @returns a description of every broken promise
 */
export async function brokenPromises(souk: SoukSystem, stockSet: ReadonlyMap<string, number>): Promise<string[]> {
  const broken: string[] = [];
  const products = await readProductBooks(souk);
  for (const [productID, stock] of stockSet) {
    const { quantity, sold, reserved } = products.get(productID)!;
    if (stock - sold !== quantity) broken.push(`${productID}: ${stock} set - ${sold} sold is not ${quantity} on hand`);
    if (quantity < 0) broken.push(`${productID}: ${quantity} on hand`);
    if (reserved !== 0) broken.push(`${productID}: ${reserved} still reserved`);
  }
  broken.push(...(await brokenCharges(souk)));
  const mismatches = await souk.rows<{ order_id: string }>(
    `SELECT o.order_id FROM cart.orders o LEFT JOIN inventory.reservation_outcome r ON r.reserve_id = o.order_id
      WHERE (o.status = 'completed') <> (COALESCE(r.outcome, '') = 'committed')`,
  );
  for (const { order_id } of mismatches) broken.push(`order ${order_id} and its reservation disagree`);
  return broken;
}

/** Checks the charges against the orders. @returns a description of every broken promise */
async function brokenCharges(souk: SoukSystem): Promise<string[]> {
  return souk.payments === 'simulated' ? brokenSimulatedCharges(souk) : brokenLedger(souk);
}

async function brokenSimulatedCharges(souk: SoukSystem): Promise<string[]> {
  const broken: string[] = [];
  const orders = await souk.rows<{ order_id: string; status: string; total: string }>(
    'SELECT order_id, status, total FROM cart.orders',
  );
  for (const { order_id, status, total } of orders) {
    const payment = await souk.redis.hgetall(`payment:${order_id}`);
    const net = Number(payment['charges'] ?? 0) - Number(payment['refunds'] ?? 0);
    const expected = status === 'completed' && BigInt(total) > 0n ? 1 : 0;
    if (net !== expected) broken.push(`order ${order_id} is ${status} and was charged ${net} times`);
    if (expected === 1 && (payment['amount'] !== String(total) || payment['charges'] !== '1'))
      broken.push(`order ${order_id} was charged ${payment['amount']} for ${total}`);
  }
  return broken;
}

/** Promises about the wallet's tables. Each query finds the rows that break its promise. */
const LEDGER_QUERIES: Record<string, string> = {
  'an order is charged, once and for its total, if it is completed and not free': `
    SELECT o.order_id, o.status, o.total, p.state, p.amount, p.reason
      FROM cart.orders o LEFT JOIN wallet.payment p ON p.payment_id = o.order_id
     WHERE (o.status = 'completed' AND o.total > 0) <> (COALESCE(p.state, '') = 'charged')
        OR (p.state = 'charged' AND NOT (
          p.amount = o.total AND p.currency = o.currency AND p.payer_reference = o.client_id AND p.payee_reference = '${MERCHANT}'))`,
  'nothing is charged without an order': `
    SELECT p.payment_id, p.amount FROM wallet.payment p LEFT JOIN cart.orders o ON o.order_id = p.payment_id
     WHERE p.state = 'charged' AND p.payee_reference = '${MERCHANT}' AND o.order_id IS NULL`,
  'the postings of a payment match its state': `
    SELECT p.payment_id, p.state, p.amount, c.amount AS charged, r.amount AS refunded FROM wallet.payment p
      LEFT JOIN wallet.posting c ON c.transaction_id = p.charge_id AND c.wallet_id = p.payer_wallet_id
      LEFT JOIN wallet.posting r ON r.transaction_id = p.refund_id AND r.wallet_id = p.payer_wallet_id
     WHERE COALESCE(-c.amount, 0) <> IF(p.state IN ('charged', 'refunded'), p.amount, 0)
        OR COALESCE(r.amount, 0) <> IF(p.state = 'refunded', p.amount, 0)`,
  'each charge and each refund belongs to one payment': `
    SELECT t.id, t.type FROM wallet.transaction t
      LEFT JOIN (SELECT charge_id AS id FROM wallet.payment UNION ALL SELECT refund_id FROM wallet.payment) named ON named.id = t.id
     WHERE t.type IN ('charge', 'refund') GROUP BY t.id, t.type HAVING COUNT(named.id) <> 1`,
  'postings sum to zero': `
    SELECT transaction_id, SUM(amount) FROM wallet.posting GROUP BY transaction_id, currency HAVING SUM(amount) <> 0`,
  'the balance of a wallet is the sum of its postings': `
    SELECT w.id, w.amount FROM wallet.wallet w LEFT JOIN wallet.posting p ON p.wallet_id = w.id WHERE w.amount IS NOT NULL
     GROUP BY w.id, w.amount HAVING w.amount <> COALESCE(SUM(p.amount), 0)`,
  'no customer has a negative balance': `
    SELECT w.id, w.amount FROM wallet.wallet w JOIN wallet.account a ON a.id = w.account_id
     WHERE a.role = 'customer' AND w.amount < 0`,
};

async function brokenLedger(souk: SoukSystem): Promise<string[]> {
  const broken: string[] = [];
  for (const [promise, sql] of Object.entries(LEDGER_QUERIES)) {
    for (const row of await souk.rows(sql)) broken.push(`broken: ${promise}: ${JSON.stringify(row)}`);
  }
  return broken;
}
