import type { Minor } from '@souk/money';
import type { AccountStore, StatementLine } from './account-store';

type AccountNotFound = { ok: false; code: 'ACCOUNT_NOT_FOUND' };

/**
 * @param query.at the moment asked for, inclusive, computed from the postings; now, when it is left out
 * @returns the balance; 0 before the first posting
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
  /** The `next` of the page before. */
  after?: string | undefined;
  limit: number;
}

export type StatementResult =
  { ok: true; items: StatementLine[]; next: string | null } | AccountNotFound | { ok: false; code: 'INVALID_CURSOR' };

/** A cursor is the place of the last line of its page. */
const CURSOR = /^[1-9]\d{0,14}$/;

/**
 * The statement of an account, newest first: every posting with the balance after it. What is posted meanwhile does not shift
 * the pages that follow.
 * @returns the lines, and the `after` of the next page, `null` on the last; or INVALID_CURSOR, ACCOUNT_NOT_FOUND
 * @throws AppError `unavailable`
 */
export async function readStatement(
  accounts: AccountStore,
  { accountId, after, limit }: StatementQuery,
): Promise<StatementResult> {
  if (after !== undefined && !CURSOR.test(after)) return { ok: false, code: 'INVALID_CURSOR' };
  const account = await accounts.findAccount(accountId);
  if (!account) return { ok: false, code: 'ACCOUNT_NOT_FOUND' };
  // One more than asked for tells whether there is another page.
  const lines = await accounts.lines(account.wallet.id, after ? Number(after) : Number.MAX_SAFE_INTEGER, limit + 1);
  const items = lines.slice(0, limit);
  return { ok: true, items, next: lines.length > limit ? String(items.at(-1)!.sequence) : null };
}
