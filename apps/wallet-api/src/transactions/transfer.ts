import type { Minor } from '@souk/money';
import type { Lane } from '../ledger/lane';
import type { RequestOrigin } from '../request-origin';
import { INVALID_AMOUNT, type TransactionResult } from './transaction-result';

interface TransferCommand extends RequestOrigin {
  fromWalletId: string;
  toWalletId: string;
  amount: Minor;
}

/**
 * Moves money from one wallet to another.
 * @returns the transaction; or WALLET_NOT_FOUND (with the `id`), INSUFFICIENT_FUNDS or BALANCE_LIMIT (recorded as failed),
 * SAME_WALLET, INVALID_AMOUNT (not above zero), IDEMPOTENCY_MISMATCH, IDEMPOTENCY_EXPIRED
 * @throws AppError `unavailable`, `timeout`, `overloaded`
 */
export async function transfer(
  lane: Lane,
  { fromWalletId, toWalletId, amount, actor, correlationId, idempotency }: TransferCommand,
): Promise<TransactionResult | { ok: false; code: 'SAME_WALLET'; isReplay: false }> {
  if (amount <= 0n) return INVALID_AMOUNT;
  if (fromWalletId === toWalletId) return { ok: false, code: 'SAME_WALLET', isReplay: false };
  return lane.submitOnce<'transfer'>(
    { kind: 'transfer', fromWalletId, toWalletId, amount, actor, correlationId },
    idempotency,
  );
}
