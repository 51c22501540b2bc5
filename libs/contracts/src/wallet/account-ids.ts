import { uuidNamedBy } from '@souk/service';

/**
 * Derives the ids of an account and of its one wallet from the account's reference, so that example calls can name a shop's
 * accounts before the shop exists, and every service knows whose account an id names. The ids must never change: rows and
 * documents contain them.
 */
export const accountIdsOf = (reference: string): { accountId: string; walletId: string } => ({
  accountId: uuidNamedBy(`souk:account:${reference}`),
  walletId: uuidNamedBy(`souk:wallet:${reference}`),
});
