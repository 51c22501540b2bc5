import type { Minor } from '@souk/money';
import { INVALID_AMOUNT, type Asked, type InvalidAmount, type KeyRefused } from '../asked';
import type { Answers } from '../ledger/decisions/commands';
import type { Lane } from '../ledger/lane';

export interface OpenAccountCommand extends Asked {
  name: string | null;
  /** The owner's id in another system. No two accounts share one, and the account's ids are derived from it. */
  reference: string | null;
  /** Comes in as a `replenish` transaction; 0 for none. */
  initialBalance: Minor;
}

export type OpenAccountResult = (Answers['open'] & { isReplay: boolean }) | InvalidAmount | KeyRefused;

/**
 * Opens an account with its one wallet.
 * @returns the account; or, with nothing opened, REFERENCE_TAKEN, BALANCE_LIMIT, INVALID_AMOUNT (below zero),
 * IDEMPOTENCY_MISMATCH or IDEMPOTENCY_EXPIRED
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
