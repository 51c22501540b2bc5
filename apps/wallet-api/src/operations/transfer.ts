import type { Minor } from '@souk/money';
import { INVALID_AMOUNT, isPositive, type Asked } from '../asked';
import type { Lane } from '../ledger/lane';
import type { TransactionResult } from './move-cash';

export interface TransferCommand extends Asked {
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
  if (!isPositive(amount)) return INVALID_AMOUNT;
  if (fromWalletId === toWalletId) return { ok: false, code: 'SAME_WALLET', isReplay: false };
  return lane.submitOnce<'transfer'>(
    { kind: 'transfer', fromWalletId, toWalletId, amount, actor, correlationId },
    idempotency,
  );
}
