import type { Minor } from '@souk/money';
import type { Account } from '../ledger/decisions/ledger-state';
import type { AccountStore } from './account-store';

export interface AccountNotFound {
  ok: false;
  code: 'ACCOUNT_NOT_FOUND';
}

export const ACCOUNT_NOT_FOUND: AccountNotFound = { ok: false, code: 'ACCOUNT_NOT_FOUND' };

/** @returns the account with its wallet. @throws AppError `unavailable` */
export async function findAccount(
  accounts: AccountStore,
  accountId: string,
): Promise<{ ok: true; account: Account } | AccountNotFound> {
  const account = await accounts.findAccount(accountId);
  return account ? { ok: true, account } : ACCOUNT_NOT_FOUND;
}

/** @returns the wallet. @throws AppError `unavailable` */
export async function findWallet(
  accounts: AccountStore,
  walletId: string,
): Promise<{ ok: true; wallet: Account['wallet'] } | { ok: false; code: 'WALLET_NOT_FOUND' }> {
  const account = await accounts.findByWallet(walletId);
  return account ? { ok: true, wallet: account.wallet } : { ok: false, code: 'WALLET_NOT_FOUND' };
}

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
  return balance === undefined ? ACCOUNT_NOT_FOUND : { ok: true, balance };
}
