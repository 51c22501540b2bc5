import type { Queryable } from '@souk/database';
import type { Currency, Minor } from '@souk/money';
import type { Account } from '../ledger/decisions/ledger-state';
import { isId } from '../ledger/ids';
import { readLines, type StatementLine } from './statement-lines';

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
    lines: (walletId, before, limit) => readLines(db, walletId, before, limit),
  };
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
