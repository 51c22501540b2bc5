import type { Queryable } from '@souk/database';
import type { Currency } from '@souk/money';
import type { DeclineReason, Payer, Payment, PaymentState, Wallet } from './decisions/ledger-state';

interface PaymentRow {
  payment_id: string;
  state: PaymentState;
  reason: '' | DeclineReason;
  payer_reference: string | null;
  payer_account_id: string | null;
  payee_reference: string | null;
  amount: string | null;
  currency: Currency | null;
  payer_wallet_id: string | null;
  payee_wallet_id: string | null;
  charge_id: string | null;
  refund_id: string | null;
  actor: string;
  cancelled_by: string | null;
}

const SELECT_PAYMENTS = `
  SELECT payment_id, state, reason, payer_reference, payer_account_id, payee_reference, amount, currency,
         payer_wallet_id, payee_wallet_id, charge_id, refund_id, actor, cancelled_by
    FROM payment FORCE INDEX (PRIMARY) WHERE payment_id IN (?) ORDER BY payment_id`;

/** Locks payments in the order of their ids, and reads them. @returns those that exist */
export const lockPayments = (tx: Queryable, paymentIds: readonly string[]) =>
  selectPayments(tx, `${SELECT_PAYMENTS} FOR UPDATE`, paymentIds);

/** Reads payments without locking them. @returns those that exist */
export const readPayments = (db: Queryable, paymentIds: readonly string[]) =>
  selectPayments(db, SELECT_PAYMENTS, paymentIds);

async function selectPayments(tx: Queryable, sql: string, paymentIds: readonly string[]) {
  if (paymentIds.length === 0) return new Map<string, Payment>();
  const rows = await tx.rows<PaymentRow>(sql, [paymentIds]);
  return new Map(rows.map((row) => [row.payment_id, toPayment(row)]));
}

function toPayment(row: PaymentRow): Payment {
  const { payee_reference, amount, currency, payer_wallet_id, payee_wallet_id } = row;
  const payer = payerOf(row);
  const hasTerms = payer !== null && payee_reference !== null && amount !== null && currency !== null;
  return {
    paymentId: row.payment_id,
    state: row.state,
    reason: row.reason,
    terms: hasTerms ? { payer, payeeReference: payee_reference, amount: BigInt(amount), currency } : null,
    wallets:
      payer_wallet_id !== null && payee_wallet_id !== null
        ? { payerWalletId: payer_wallet_id, payeeWalletId: payee_wallet_id }
        : null,
    chargeId: row.charge_id,
    refundId: row.refund_id,
    actor: row.actor,
    cancelledBy: row.cancelled_by,
  };
}

/** @returns `null` for a tombstone, or if there is no payment */
export function payerOf({
  payer_reference,
  payer_account_id,
}: Pick<PaymentRow, 'payer_reference' | 'payer_account_id'>): Payer | null {
  if (payer_account_id !== null) return { accountId: payer_account_id };
  return payer_reference === null ? null : { reference: payer_reference };
}

/** Finds the wallets of users' accounts. Takes no locks, because an account never changes its wallet or its reference. */
export async function resolveWallets(
  tx: Queryable,
  { accountIds, references }: { accountIds: readonly string[]; references: readonly string[] },
): Promise<{ walletOfAccount: Map<string, string>; walletOfReference: Map<string, string> }> {
  const select = (column: string) =>
    `SELECT a.${column} AS name, w.id FROM account a JOIN wallet w ON w.account_id = a.id
      WHERE a.role <> 'system' AND a.${column} IN (?)`;
  const find = async (column: 'id' | 'reference', names: readonly string[]) => {
    if (names.length === 0) return new Map<string, string>();
    const rows = await tx.rows<{ name: string; id: string }>(select(column), [names]);
    return new Map(rows.map(({ name, id }) => [name, id]));
  };
  const [walletOfAccount, walletOfReference] = await Promise.all([
    find('id', accountIds),
    find('reference', references),
  ]);
  return { walletOfAccount, walletOfReference };
}

interface WalletRow {
  now: Date;
  id: string;
  account_id: string;
  amount: number | string;
  currency: Currency;
  may_overdraw: number;
  refundable_in: number | string;
  refundable_out: number | string;
  sequence: number;
  created_at: Date;
  updated_at: Date;
}

/**
 * Locks users' wallets in the order of their ids, and reads them.
 * @returns the wallets that exist, and the time to record for their changes: the database's time, but never earlier than the
 * last change of any of them, even if the clock was set back
 */
export async function lockWallets(
  tx: Queryable,
  walletIds: readonly string[],
): Promise<{ now: Date | undefined; wallets: Map<string, Wallet> }> {
  if (walletIds.length === 0) return { now: undefined, wallets: new Map() };
  // Without the hint, a list that names most of a small table leads to a full scan, which locks the other rows too. Only system
  // wallets have no amount.
  const rows = await tx.rows<WalletRow>(
    `SELECT NOW(3) AS now, id, account_id, amount, currency, may_overdraw, refundable_in, refundable_out, sequence,
            created_at, updated_at
       FROM wallet FORCE INDEX (PRIMARY) WHERE id IN (?) AND amount IS NOT NULL ORDER BY id FOR UPDATE`,
    [walletIds],
  );
  const moments = rows.flatMap(({ now, updated_at }) => [now.getTime(), updated_at.getTime()]);
  return {
    now: moments.length > 0 ? new Date(Math.max(...moments)) : undefined,
    wallets: new Map(rows.map((row) => [row.id, toWallet(row)])),
  };
}

const toWallet = (row: WalletRow): Wallet => ({
  id: row.id,
  accountId: row.account_id,
  amount: BigInt(row.amount),
  currency: row.currency,
  mayOverdraw: row.may_overdraw === 1,
  refundableIn: BigInt(row.refundable_in),
  refundableOut: BigInt(row.refundable_out),
  sequence: row.sequence,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

export async function readClock(tx: Queryable): Promise<Date> {
  const [row] = await tx.rows<{ now: Date }>('SELECT NOW(3) AS now');
  return row!.now;
}
