import type { Queryable } from '@souk/database';
import type { Currency, Minor } from '@souk/money';
import type { TransactionType } from '../ledger/decisions/ledger-state';
import { NO_PURPOSE, purposeOf, type PaymentPurpose } from '../ledger/decisions/payment-purpose';
import { payerOf } from '../ledger/ledger-store';

/** A posting of an account, with the balance after it. */
export interface StatementLine extends PaymentPurpose {
  id: string;
  transactionId: string;
  walletId: string;
  type: TransactionType;
  /** Negative if it left the account. */
  amount: Minor;
  currency: Currency;
  balanceAfter: Minor;
  createdAt: Date;
  /** The transaction's number within the account. Failed transactions have one too, so lines may skip some. */
  sequence: number;
}

/** @returns a wallet's lines before a sequence number, newest first */
export async function readLines(
  db: Queryable,
  walletId: string,
  before: number,
  limit: number,
): Promise<StatementLine[]> {
  const rows = await db.rows<LineRow>(
    `SELECT id, transaction_id, wallet_id, amount, currency, balance_after, created_at, sequence, type, order_id, withdrawal_id
       FROM posting WHERE wallet_id = ? AND sequence < ? ORDER BY sequence DESC LIMIT ?`,
    [walletId, before, limit],
  );
  const missingDetails = await readMissingDetails(db, rows);
  return rows.map((row) => toLine(row, missingDetails));
}

interface LineRow {
  id: string;
  transaction_id: string;
  wallet_id: string;
  amount: number | string;
  currency: Currency;
  balance_after: number | string;
  created_at: Date;
  sequence: number;
  /** `null` if an earlier release wrote the posting; then `order_id` and `withdrawal_id` are `null` too. */
  type: TransactionType | null;
  order_id: string | null;
  withdrawal_id: string | null;
}

/** What a line shows of its transaction. */
type TransactionDetails = PaymentPurpose & { type: TransactionType };

const toLine = (row: LineRow, missingDetails: ReadonlyMap<string, TransactionDetails>): StatementLine => ({
  id: row.id,
  transactionId: row.transaction_id,
  walletId: row.wallet_id,
  amount: BigInt(row.amount),
  currency: row.currency,
  balanceAfter: BigInt(row.balance_after),
  createdAt: row.created_at,
  sequence: row.sequence,
  ...detailsOf(row, missingDetails),
});

function detailsOf(row: LineRow, missingDetails: ReadonlyMap<string, TransactionDetails>): TransactionDetails {
  if (row.type !== null) return { type: row.type, orderId: row.order_id, withdrawalId: row.withdrawal_id };
  const details = missingDetails.get(row.transaction_id);
  if (!details) throw new Error(`posting ${row.id} has no transaction`);
  return details;
}

/** @returns the details of those transactions whose postings have none, by transaction id */
async function readMissingDetails(
  db: Queryable,
  lines: readonly LineRow[],
): Promise<ReadonlyMap<string, TransactionDetails>> {
  const ids = lines.filter(({ type }) => type === null).map(({ transaction_id }) => transaction_id);
  if (ids.length === 0) return new Map();
  const rows = await db.rows<DetailsRow>(
    `SELECT t.id, t.type, COALESCE(charged.payment_id, refunded.payment_id) AS payment_id,
            COALESCE(charged.payer_reference, refunded.payer_reference) AS payer_reference,
            COALESCE(charged.payer_account_id, refunded.payer_account_id) AS payer_account_id
       FROM \`transaction\` t
       LEFT JOIN payment charged ON charged.charge_id = t.id
       LEFT JOIN payment refunded ON refunded.refund_id = t.id
      WHERE t.id IN (?)`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, { type: row.type, ...purposeOfRow(row) }]));
}

interface DetailsRow {
  id: string;
  type: TransactionType;
  payment_id: string | null;
  payer_reference: string | null;
  payer_account_id: string | null;
}

function purposeOfRow(row: DetailsRow): PaymentPurpose {
  const payer = payerOf(row);
  return row.payment_id === null || payer === null ? NO_PURPOSE : purposeOf(row.payment_id, payer);
}
