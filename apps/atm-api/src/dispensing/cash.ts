import type { Minor } from '@souk/money';

export type Kind = 'bill' | 'coin';

/** A piece of money that the machine can hold. A bill and a coin of one value are two denominations. */
export interface Denomination {
  /** More than zero. */
  value: Minor;
  kind: Kind;
}

/** How many pieces of a denomination the machine holds, zero included. Each denomination stands once in a stock. */
export interface Stock {
  denomination: Denomination;
  count: number;
}

/** What one withdrawal may be. */
export interface Limits {
  amountMax: Minor;
  coinsMax: number;
}

/** How many pieces of a denomination are paid out: one or more. */
export interface Piece {
  denomination: Denomination;
  count: number;
}

/** The payable amounts on both sides of one that is not, within the limits; `null` where there is none. */
export interface Nearest {
  below: Minor | null;
  above: Minor | null;
}

/** Why an amount is not paid. The first that holds, in this order, is told. */
export type Refusal =
  /** The stock could pay it, but only with more coins than a withdrawal may have. */
  | { code: 'TOO_MANY_COINS' }
  /** It is more than the largest amount that one withdrawal can pay now; zero when nothing can be paid. */
  | { code: 'INSUFFICIENT_FUNDS'; maxPayable: Minor }
  /** No pieces of the stock add up to it, though more could be paid. */
  | ({ code: 'NOT_PAYABLE' } & Nearest);

export type Dispensed = { ok: true; pieces: Piece[] } | { ok: false; refusal: Refusal };
