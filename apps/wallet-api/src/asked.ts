import type { Minor } from '@souk/money';
import type { Account, Transaction } from './ledger/ledger-state';
import type { Origin } from './ledger/commands';
import type { IdempotencyKey } from './ledger/idempotency';
import type { KeyRefusal } from './ledger/lane';

/** What every use case that changes something is told beside what it is to do. */
export interface Asked extends Origin {
  /** Where the caller sent one: the same key again gets the first result, with `isReplay`. */
  idempotency?: IdempotencyKey;
}

/** Not decided by the ledger: an amount that is no amount to move is refused at once, and neither recorded nor replayed. */
export interface InvalidAmount {
  ok: false;
  code: 'INVALID_AMOUNT';
  isReplay: false;
}

/** The key was used for another body, or so long ago that its result is gone. Nothing was done. */
export interface KeyRefused {
  ok: false;
  code: KeyRefusal;
  isReplay: false;
}

export type { Account, Transaction };

export const INVALID_AMOUNT: InvalidAmount = { ok: false, code: 'INVALID_AMOUNT', isReplay: false };

export const isPositive = (amount: Minor): boolean => amount > 0n;
