import { uuidNamedBy } from '@souk/service';

/** The ids of an account and of its one wallet. */
export interface AccountIds {
  accountId: string;
  walletId: string;
}

/**
 * Derives the ids of an account from its reference, so that example calls can name a shop's accounts before the shop exists. The
 * ids must never change: rows and documents contain them.
 */
export const accountIdsOf = (reference: string): AccountIds => ({
  accountId: uuidNamedBy(`souk:account:${reference}`),
  walletId: uuidNamedBy(`souk:wallet:${reference}`),
});
