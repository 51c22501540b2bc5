import type { Account } from '../asked';
import type { AccountStore } from './account-store';

export type FindAccountResult = { ok: true; account: Account } | { ok: false; code: 'ACCOUNT_NOT_FOUND' };
export type FindWalletResult = { ok: true; wallet: Account['wallet'] } | { ok: false; code: 'WALLET_NOT_FOUND' };

/** @returns the account with its wallet. @throws AppError `unavailable` */
export async function findAccount(accounts: AccountStore, accountId: string): Promise<FindAccountResult> {
  const account = await accounts.findAccount(accountId);
  return account ? { ok: true, account } : { ok: false, code: 'ACCOUNT_NOT_FOUND' };
}

/** @returns the wallet. @throws AppError `unavailable` */
export async function findWallet(accounts: AccountStore, walletId: string): Promise<FindWalletResult> {
  const account = await accounts.findByWallet(walletId);
  return account ? { ok: true, wallet: account.wallet } : { ok: false, code: 'WALLET_NOT_FOUND' };
}
