import type { SoukSystem } from './souk-system';
import { MERCHANT } from './wallets';

/**
 * Checks the charges against the orders. Call it once every order has ended.
 * @returns every broken promise, in words
 */
export async function brokenCharges(souk: SoukSystem): Promise<string[]> {
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
  'a completed order over more than 0.00 is charged, once and by its total, and no other is': `
    SELECT o.order_id, o.status, o.total, p.state, p.amount, p.reason
      FROM cart.orders o LEFT JOIN wallet.payment p ON p.payment_id = o.order_id
     WHERE (o.status = 'completed' AND o.total > 0) <> (COALESCE(p.state, '') = 'charged')
        OR (p.state = 'charged' AND NOT (
          p.amount = o.total AND p.currency = o.currency AND p.payer_reference = o.client_id AND p.payee_reference = '${MERCHANT}'))`,
  'nothing is charged without an order': `
    SELECT p.payment_id, p.amount FROM wallet.payment p LEFT JOIN cart.orders o ON o.order_id = p.payment_id
     WHERE p.state = 'charged' AND p.payee_reference = '${MERCHANT}' AND o.order_id IS NULL`,
  'the money of a payment moved as its state says': `
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
  'a wallet is the sum of its postings': `
    SELECT w.id, w.amount FROM wallet.wallet w LEFT JOIN wallet.posting p ON p.wallet_id = w.id WHERE w.amount IS NOT NULL
     GROUP BY w.id, w.amount HAVING w.amount <> COALESCE(SUM(p.amount), 0)`,
  'no customer is below zero': `
    SELECT w.id, w.amount FROM wallet.wallet w JOIN wallet.account a ON a.id = w.account_id
     WHERE a.role = 'customer' AND w.amount < 0`,
};

async function brokenLedger(souk: SoukSystem): Promise<string[]> {
  const broken: string[] = [];
  for (const [promise, sql] of Object.entries(LEDGER_QUERIES)) {
    for (const row of await souk.rows(sql)) broken.push(`not so: ${promise}: ${JSON.stringify(row)}`);
  }
  return broken;
}
