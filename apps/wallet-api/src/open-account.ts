import type { Minor } from '@souk/money';
import { INVALID_AMOUNT, type Asked, type InvalidAmount, type KeyRefused } from './asked';
import type { Answers } from './ledger/commands';
import type { Lane } from './ledger/lane';

export interface OpenAccountCommand extends Asked {
  name: string | null;
  /** What its owner is called elsewhere; no two accounts have the same, and the ids follow from it. */
  reference: string | null;
  /** Comes in as a `replenish` transaction; 0 for none. */
  initialBalance: Minor;
}

export type OpenAccountResult = (Answers['open'] & { isReplay: boolean }) | InvalidAmount | KeyRefused;

/**
 * Opens an account with its one wallet.
 * @returns the account; or REFERENCE_TAKEN, BALANCE_LIMIT, INVALID_AMOUNT (below zero), IDEMPOTENCY_MISMATCH,
 * IDEMPOTENCY_EXPIRED, and then nothing was opened
 * @throws AppError `unavailable`, `timeout`, `overloaded`
 */
export async function openAccount(lane: Lane, command: OpenAccountCommand): Promise<OpenAccountResult> {
  const { name, reference, initialBalance, actor, correlationId, idempotency } = command;
  if (initialBalance < 0n) return INVALID_AMOUNT;
  return lane.submitOnce<'open'>(
    { kind: 'open', role: 'customer', name, reference, initialBalance, actor, correlationId },
    idempotency,
  );
}
