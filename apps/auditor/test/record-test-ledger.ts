import type { Queryable } from '@souk/database';
import { randomUUID } from 'node:crypto';

/*
 * Writes a ledger in plain SQL, one statement after another, as slowly as a careless service would. A snapshot still sees all of
 * a transaction or nothing.
 */

/** Where deposits come from; the wallet's first migration creates it. */
const SYSTEM_WALLET = '00000000-0000-7000-8000-000000000013';

interface Movement {
  id?: string;
  type: 'deposit' | 'withdrawal' | 'transfer' | 'charge' | 'refund';
  /** The id of an account, and of its wallet, too. */
  from?: string;
  to?: string;
  amount: number;
}

interface WalletRow {
  id: string;
  amount: number;
  sequence: number;
}

/** Opens an account whose wallet has the same id. */
export async function openAccount(tx: Queryable, id: string, role: 'customer' | 'merchant', reference = id) {
  await tx.write("INSERT INTO account VALUES (?, NULL, ?, ?, 'test', NOW(3), NOW(3))", [id, reference, role]);
  await tx.write(
    `INSERT INTO wallet (id, account_id, amount, currency, may_overdraw, created_at, updated_at)
     VALUES (?, ?, 0, 'USD', ?, NOW(3), NOW(3))`,
    [id, id, role === 'merchant' ? 1 : 0],
  );
}

/** Moves money, or records that there was too little. @returns whether money moved */
export async function recordMovement(tx: Queryable, { id = randomUUID(), type, from, to, amount }: Movement) {
  const walletIds = [from, to].filter((wallet) => wallet !== undefined);
  const rows = await tx.rows<WalletRow>(
    'SELECT id, amount, sequence FROM wallet WHERE id IN (?) ORDER BY id FOR UPDATE',
    [walletIds],
  );
  const wallets = new Map(rows.map((row) => [row.id, { amount: Number(row.amount), sequence: Number(row.sequence) }]));
  const isMoved = from === undefined || type === 'refund' || wallets.get(from)!.amount >= amount;
  const status = isMoved ? 'completed' : 'failed';
  const reason = isMoved ? '' : 'INSUFFICIENT_FUNDS';
  const [clock] = await tx.rows<{ now: Date }>('SELECT NOW(3) AS now');
  const now = clock!.now;
  await tx.write('INSERT INTO `transaction` VALUES (?, ?, ?, ?, ?, ?)', [id, type, status, reason, 'test', now]);
  const sides = [
    { wallet: from ?? SYSTEM_WALLET, signedAmount: -amount },
    { wallet: to ?? SYSTEM_WALLET, signedAmount: amount },
  ];
  const entries = [];
  for (const { wallet, signedAmount } of sides) {
    const state = wallets.get(wallet);
    if (state) {
      state.sequence += 1;
      if (isMoved) state.amount += signedAmount;
      entries.push({
        account_id: wallet,
        sequence: state.sequence,
        amount: (signedAmount / 100).toFixed(2),
        currency: 'USD',
      });
      await tx.write('UPDATE wallet SET amount = ?, sequence = ?, updated_at = ? WHERE id = ?', [
        ...[state.amount, state.sequence, now, wallet],
      ]);
    }
    const posting = [
      randomUUID(),
      id,
      wallet,
      signedAmount,
      'USD',
      state?.amount ?? null,
      state?.sequence ?? null,
      now,
    ];
    if (isMoved)
      await tx.write(
        `INSERT INTO posting (id, transaction_id, wallet_id, amount, currency, balance_after, sequence, created_at)
         VALUES (?)`,
        [posting],
      );
  }
  const eventId = randomUUID();
  const payload = { transaction_id: id, type, status, reason, entries, timestamp: now.toISOString() };
  await tx.write('INSERT INTO event (id, type, transaction_id, payload, created_at) VALUES (?, ?, ?, ?, ?)', [
    ...[eventId, `transactions.${status}`, id, JSON.stringify(payload), now],
  ]);
  for (const { account_id, sequence } of entries) {
    await tx.write('INSERT INTO event_entry VALUES (?, ?, ?)', [account_id, sequence, eventId]);
  }
  return isMoved;
}

export interface TestPayment {
  paymentId: string;
  from: string;
  to: string;
  amount: number;
  chargeId?: string;
  refundId?: string;
}

/** Charges a payment, or declines it. */
export async function recordCharge(
  tx: Queryable,
  { paymentId, from, to, amount, chargeId = randomUUID() }: TestPayment,
) {
  const isMoved = await recordMovement(tx, { id: chargeId, type: 'charge', from, to, amount });
  await tx.write(
    `INSERT INTO payment (payment_id, state, reason, payer_reference, payee_reference, amount, currency, payer_wallet_id,
       payee_wallet_id, charge_id, actor, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, 'USD', ?, ?, ?, 'test', NOW(3), NOW(3))`,
    [
      ...[paymentId, isMoved ? 'charged' : 'declined', isMoved ? '' : 'INSUFFICIENT_FUNDS', from, to, amount],
      ...[isMoved ? from : null, isMoved ? to : null, chargeId],
    ],
  );
  if (isMoved) await countRefundable(tx, from, to, amount);
  return isMoved;
}

/** Refunds a charged payment. */
export async function recordRefund(
  tx: Queryable,
  { paymentId, from, to, amount, refundId = randomUUID() }: TestPayment,
) {
  await recordMovement(tx, { id: refundId, type: 'refund', from: to, to: from, amount });
  await tx.write("UPDATE payment SET state = 'refunded', refund_id = ?, cancelled_by = 'test' WHERE payment_id = ?", [
    ...[refundId, paymentId],
  ]);
  await countRefundable(tx, from, to, -amount);
}

async function countRefundable(tx: Queryable, from: string, to: string, amount: number) {
  await tx.write('UPDATE wallet SET refundable_in = refundable_in + ? WHERE id = ?', [amount, from]);
  await tx.write('UPDATE wallet SET refundable_out = refundable_out + ? WHERE id = ?', [amount, to]);
}
