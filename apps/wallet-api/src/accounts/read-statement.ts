import { pageOf, pageStart } from '@souk/contracts';
import type { AccountStore } from './account-store';
import { ACCOUNT_NOT_FOUND, type AccountNotFound } from './read-account';
import type { StatementLine } from './statement-lines';

interface StatementQuery {
  accountId: string;
  /** The `next` of the previous page. */
  after?: string | undefined;
  limit: number;
}

type StatementResult =
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
  if (!account) return ACCOUNT_NOT_FOUND;
  return { ok: true, ...pageOf(await accounts.lines(account.wallet.id, before, limit + 1), limit) };
}
