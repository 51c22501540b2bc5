import type { Queryable } from '@souk/database';
import type { Currency, Minor } from '@souk/money';
import type { Account, TransactionType } from '../ledger/decisions/ledger-state';
import { NO_PURPOSE, purposeOf, type PaymentPurpose } from '../ledger/decisions/payment-purpose';
import { isId } from '../ledger/ids';
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

/** Reads users' accounts. System accounts are never found. */
export interface AccountStore {
  findAccount(accountId: string): Promise<Account | undefined>;
  findByReference(reference: string): Promise<Account | undefined>;
  /** @returns the account that a wallet belongs to */
  findByWallet(walletId: string): Promise<Account | undefined>;
  /** @returns the balance after the last posting up to and including `at`; `undefined` if there is no such account */
  balanceAt(accountId: string, at: Date): Promise<Minor | undefined>;
  /** @returns a wallet's lines before a sequence number, newest first */
  lines(walletId: string, before: number, limit: number): Promise<StatementLine[]>;
}

interface AccountRow {
  id: string;
  name: string | null;
  reference: string | null;
  created_at: Date;
  wallet_id: string;
  amount: number | string;
  currency: Currency;
  wallet_created_at: Date;
  wallet_updated_at: Date;
}

const SELECT_ACCOUNT = `
  SELECT a.id, a.name, a.reference, a.created_at, w.id AS wallet_id, w.amount, w.currency,
         w.created_at AS wallet_created_at, w.updated_at AS wallet_updated_at
    FROM account a JOIN wallet w ON w.account_id = a.id
   WHERE a.role <> 'system'`;

export function createAccountStore(db: Queryable): AccountStore {
  const find = async (condition: string, value: string): Promise<Account | undefined> => {
    const [row] = await db.rows<AccountRow>(`${SELECT_ACCOUNT} AND ${condition}`, [value]);
    return row && toAccount(row);
  };
  const findById = async (condition: string, id: string) => (isId(id) ? find(condition, id) : undefined);
  return {
    findAccount: (accountId) => findById('a.id = ?', accountId),
    findByReference: (reference) => find('a.reference = ?', reference),
    findByWallet: (walletId) => findById('w.id = ?', walletId),
    balanceAt: async (accountId, at) => {
      if (!isId(accountId)) return undefined;
      const [row] = await db.rows<{ balance: number | string | null }>(
        `SELECT (SELECT p.balance_after FROM posting p WHERE p.wallet_id = w.id AND p.created_at <= ?
                  ORDER BY p.created_at DESC, p.sequence DESC LIMIT 1) AS balance
           FROM account a JOIN wallet w ON w.account_id = a.id WHERE a.role <> 'system' AND a.id = ?`,
        [at, accountId],
      );
      return row && BigInt(row.balance ?? 0);
    },
    lines: async (walletId, before, limit) => {
      const rows = await db.rows<LineRow>(
        `SELECT id, transaction_id, wallet_id, amount, currency, balance_after, created_at, sequence, type, order_id,
                withdrawal_id
           FROM posting WHERE wallet_id = ? AND sequence < ? ORDER BY sequence DESC LIMIT ?`,
        [walletId, before, limit],
      );
      const details = await readMissingDetails(db, rows);
      return rows.map((row) => toLine(row, details));
    },
  };
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
  /** `null` in a posting that an earlier release wrote, which has no purpose either. */
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
  ...(row.type === null
    ? missingDetails.get(row.transaction_id)!
    : { type: row.type, orderId: row.order_id, withdrawalId: row.withdrawal_id }),
});

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

const toAccount = (row: AccountRow): Account => ({
  id: row.id,
  name: row.name,
  reference: row.reference,
  createdAt: row.created_at,
  wallet: {
    id: row.wallet_id,
    amount: BigInt(row.amount),
    currency: row.currency,
    createdAt: row.wallet_created_at,
    updatedAt: row.wallet_updated_at,
  },
});
