import type { Minor } from '@souk/money';

export type Kind = 'bill' | 'coin';

/** A kind of bill or coin that a machine can hold. A bill and a coin of the same value are two denominations. */
export interface Denomination {
  /** More than zero. */
  value: Minor;
  kind: Kind;
}

/** How many pieces of a denomination the machine holds, possibly zero. A stock lists each denomination once. */
export interface Stock {
  denomination: Denomination;
  count: number;
}

/** The limits of one withdrawal. */
export interface Limits {
  amountMax: Minor;
  coinsMax: number;
}

/** How many pieces of a denomination are paid out: one or more. */
export interface Piece {
  denomination: Denomination;
  count: number;
}

/** The nearest payable amounts below and above an amount, within the limits; `null` if there is none. */
export interface Nearest {
  below: Minor | null;
  above: Minor | null;
}

/** Why an amount isn't paid. If several reasons apply, the first in this order is returned. */
export type Refusal =
  /** The stock could pay it, but only with more coins than a withdrawal may have. */
  | { code: 'TOO_MANY_COINS' }
  /** It exceeds `maxPayable`, the largest amount that one withdrawal can pay now; zero if nothing can be paid. */
  | { code: 'INSUFFICIENT_FUNDS'; maxPayable: Minor }
  /** No pieces of the stock add up to it, although a larger amount can be paid. */
  | ({ code: 'NOT_PAYABLE' } & Nearest);

export type Dispensed = { ok: true; pieces: Piece[] } | { ok: false; refusal: Refusal };
