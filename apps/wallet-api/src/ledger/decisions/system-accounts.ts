import type { ExternalType } from './ledger-state';

/** An account that represents the outside world. It has no balance: its postings are the other side of the users' money. */
interface SystemAccount {
  name: string;
  accountId: string;
  walletId: string;
}

const systemAccount = (name: string, number: number): SystemAccount => ({
  name: `system:${name}`,
  accountId: `00000000-0000-7000-8000-00000000000${number}`,
  walletId: `00000000-0000-7000-8000-00000000001${number}`,
});

/** Where the money of each type comes from or goes to. The first migration creates these accounts, so their ids never change. */
export const SYSTEM_ACCOUNTS: Record<ExternalType, SystemAccount> = {
  replenish: systemAccount('replenish', 1),
  credit: systemAccount('credit', 2),
  deposit: systemAccount('deposit', 3),
  debit: systemAccount('debit', 4),
  withdrawal: systemAccount('withdrawal', 5),
};
