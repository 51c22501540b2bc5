import { uuidNamedBy } from '@souk/service';

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** @returns whether the text has the form of our ids. No row has any other id, so the database isn't queried for one */
export const isId = (text: string): boolean => ID.test(text);

/**
 * Derives the ids of an account and of its one wallet from the account's reference, so that example calls can name a shop's
 * accounts before the shop exists. The ids must never change: rows and documents contain them.
 */
export const accountIdsOf = (reference: string): { accountId: string; walletId: string } => ({
  accountId: uuidNamedBy(`souk:account:${reference}`),
  walletId: uuidNamedBy(`souk:wallet:${reference}`),
});
