import type { Minor } from '@souk/money';
import type { Dispensed, Limits, Nearest, Stock } from './cash';

/** Chooses the pieces that pay an amount, or tells why it cannot be paid. */
export function dispense(_stock: readonly Stock[], _amount: Minor, _limits: Limits): Dispensed {
  throw new Error('not implemented');
}

/** @returns the largest amount that one withdrawal can pay now, within the limits; zero when nothing can be paid */
export function maxPayable(_stock: readonly Stock[], _limits: Limits): Minor {
  throw new Error('not implemented');
}

/** @returns the payable amounts next to an amount, itself excluded, within the limits */
export function nearest(_stock: readonly Stock[], _amount: Minor, _limits: Limits): Nearest {
  throw new Error('not implemented');
}
