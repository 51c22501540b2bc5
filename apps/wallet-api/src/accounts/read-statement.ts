import { pageOf, pageStart } from '@souk/contracts';
import type { Minor } from '@souk/money';
import type { AccountStore, StatementLine } from './account-store';

type AccountNotFound = { ok: false; code: 'ACCOUNT_NOT_FOUND' };

/**
 * @param query.at the moment of the balance, inclusive; without it, the balance is the current one
 * @returns the balance, computed from the postings if `at` is given; 0 before the first posting
 * @throws AppError `unavailable`
 */
export async function balanceAt(
  accounts: AccountStore,
  { accountId, at }: { accountId: string; at?: Date | undefined },
): Promise<{ ok: true; balance: Minor } | AccountNotFound> {
  const balance = at ? await accounts.balanceAt(accountId, at) : (await accounts.findAccount(accountId))?.wallet.amount;
  return balance === undefined ? { ok: false, code: 'ACCOUNT_NOT_FOUND' } : { ok: true, balance };
}

export interface StatementQuery {
  accountId: string;
  /** The `next` of the previous page. */
  after?: string | undefined;
  limit: number;
}

export type StatementResult =
  { ok: true; items: StatementLine[]; next: string | null } | AccountNotFound | { ok: false; code: 'INVALID_CURSOR' };

/**
 * The statement of an account, newest first: every posting with the balance after it. New postings don't shift
 * the following pages.
 * @returns the lines, and as `next` the `after` of the next page (`null` on the last page); or INVALID_CURSOR, ACCOUNT_NOT_FOUND
 * @throws AppError `unavailable`
 */
export async function readStatement(
  accounts: AccountStore,
  { accountId, after, limit }: StatementQuery,
): Promise<StatementResult> {
  const before = pageStart(after);
  if (before === undefined) return { ok: false, code: 'INVALID_CURSOR' };
  const account = await accounts.findAccount(accountId);
  if (!account) return { ok: false, code: 'ACCOUNT_NOT_FOUND' };
  return { ok: true, ...pageOf(await accounts.lines(account.wallet.id, before, limit + 1), limit) };
}
