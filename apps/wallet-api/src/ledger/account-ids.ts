import { createHash } from 'node:crypto';

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
  accountId: derivedId('account', reference),
  walletId: derivedId('wallet', reference),
});

/** UUID version 8: ours to fill. Source: RFC 9562, 5.8. */
function derivedId(kind: string, reference: string): string {
  const bytes = createHash('sha256').update(`souk:${kind}:${reference}`).digest();
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex', 0, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
