import type { TransactionAnswer } from '../ledger/decisions/commands';
import type { Transaction } from '../ledger/decisions/ledger-state';
import type { KeyRefused } from '../ledger/lane';

export type TransactionResult =
  { ok: true; transaction: Transaction; isReplay: boolean } | TransactionRefused | InvalidAmount | KeyRefused;

export type TransactionRefused = Extract<TransactionAnswer, { ok: false }> & { isReplay: boolean };

/** An amount that can't be moved is refused before it reaches the ledger. The refusal is neither recorded nor replayed. */
export interface InvalidAmount {
  ok: false;
  code: 'INVALID_AMOUNT';
  isReplay: false;
}

export const INVALID_AMOUNT: InvalidAmount = { ok: false, code: 'INVALID_AMOUNT', isReplay: false };
