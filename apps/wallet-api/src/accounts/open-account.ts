import type { Minor } from '@souk/money';
import type { Lane, OnceResult } from '../ledger/lane';
import type { RequestOrigin } from '../request-origin';
import { INVALID_AMOUNT, type InvalidAmount } from '../transactions/transaction-result';

interface OpenAccountCommand extends RequestOrigin {
  name: string | null;
  /** The owner's id in another system. No two accounts share one, and the account's ids are derived from it. */
  reference: string | null;
  /** Recorded as a `replenish` transaction; 0 for none. */
  initialBalance: Minor;
}

/**
 * Opens an account with its one wallet.
 * @returns the account; or, with nothing opened, REFERENCE_TAKEN, BALANCE_LIMIT, INVALID_AMOUNT (below zero),
 * IDEMPOTENCY_MISMATCH or IDEMPOTENCY_EXPIRED
 * @throws AppError `unavailable`, `timeout`, `overloaded`
 */
export async function openAccount(
  lane: Lane,
  { name, reference, initialBalance, actor, correlationId, idempotency }: OpenAccountCommand,
): Promise<OnceResult<'open'> | InvalidAmount> {
  if (initialBalance < 0n) return INVALID_AMOUNT;
  return lane.submitOnce<'open'>(
    { kind: 'open', role: 'customer', name, reference, initialBalance, actor, correlationId },
    idempotency,
  );
}
