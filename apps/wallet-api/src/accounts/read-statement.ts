import type { AccountStore, StatementLine } from './account-store';
import { ACCOUNT_NOT_FOUND, type AccountNotFound } from './read-account';

interface StatementQuery {
  accountId: string;
  /** The `next` of the previous page. */
  after?: string | undefined;
  limit: number;
}

type StatementResult =
  { ok: true; items: StatementLine[]; next: string | null } | AccountNotFound | { ok: false; code: 'INVALID_CURSOR' };

/** A cursor is the sequence number of the last line of its page. */
const CURSOR = /^[1-9]\d{0,14}$/;

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
  if (after !== undefined && !CURSOR.test(after)) return { ok: false, code: 'INVALID_CURSOR' };
  const account = await accounts.findAccount(accountId);
  if (!account) return ACCOUNT_NOT_FOUND;
  // One extra line shows whether there is another page.
  const lines = await accounts.lines(account.wallet.id, after ? Number(after) : Number.MAX_SAFE_INTEGER, limit + 1);
  const items = lines.slice(0, limit);
  return { ok: true, items, next: lines.length > limit ? String(items.at(-1)!.sequence) : null };
}
