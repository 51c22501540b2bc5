// @ts-check
import { createHash } from 'node:crypto';

/** The customer in the examples. */
export const DEMO_CUSTOMER = 'demo-customer';
/** The demo customer's initial balance. */
export const DEMO_BALANCE = '1000.00';

/**
 * The id of the account with a reference, as the wallet derives it, so that calls can use it.
 *
 * @param {string} reference
 */
export function accountIdOf(reference) {
  const bytes = createHash('sha256').update(`souk:account:${reference}`).digest();
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex', 0, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
