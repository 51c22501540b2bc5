import type { Minor } from '@souk/money';
import type { Origin } from './ledger/decisions/commands';
import type { Account, Transaction } from './ledger/decisions/ledger-state';
import type { IdempotencyKey } from './ledger/idempotency';
import type { KeyRefusal } from './ledger/lane';

/** The input shared by all use cases that change something: the caller and its idempotency key. */
export interface Asked extends Origin {
  /** Only if the caller sent one. Repeating the key returns the first result, with `isReplay`. */
  idempotency?: IdempotencyKey;
}

/** An amount that can't be moved is refused before it reaches the ledger. The refusal is neither recorded nor replayed. */
export interface InvalidAmount {
  ok: false;
  code: 'INVALID_AMOUNT';
  isReplay: false;
}

/** The key was used with another body, or its result has been purged. Nothing was done. */
export interface KeyRefused {
  ok: false;
  code: KeyRefusal;
  isReplay: false;
}

export type { Account, Transaction };

export const INVALID_AMOUNT: InvalidAmount = { ok: false, code: 'INVALID_AMOUNT', isReplay: false };

export const isPositive = (amount: Minor): boolean => amount > 0n;
