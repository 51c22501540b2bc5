import { uuidNamedBy } from '@souk/service';

/** Names of an account and of its one wallet. */
export interface AccountIds {
  accountId: string;
  walletId: string;
}

/**
 * The ids of an account with a reference follow from it, so that examples of calls can name the accounts of a shop before there is
 * one. They never change: rows and documents hold them.
 */
export const accountIdsOf = (reference: string): AccountIds => ({
  accountId: uuidNamedBy(`souk:account:${reference}`),
  walletId: uuidNamedBy(`souk:wallet:${reference}`),
});
