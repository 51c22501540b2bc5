import type { Minor } from '@souk/money';
import { AppError, retryWithBackoff } from '@souk/service';
import type { InvalidAmount, KeyRefused } from './asked';
import type { Lane } from './ledger/lane';
import { newId } from './ledger/new-id';
import { moveCash, type MovementRefused, type WalletCashCommand } from './move-cash';

export type OperationType = 'DEPOSIT' | 'WITHDRAW';

export interface OperateCommand extends WalletCashCommand {
  operationType: OperationType;
}

export interface Operation {
  /** Of the transaction; of a failed one, an id that nothing has. */
  id: string;
  walletId: string;
  operationType: OperationType;
  amount: Minor;
  /** `FAILED`: an engine did not answer, and surely nothing was done. Not kept for replay: the same key tries anew. */
  status: 'SUCCESS' | 'FAILED';
  createdAt: Date;
}

export type OperateResult =
  { ok: true; operation: Operation; isReplay: boolean } | MovementRefused | InvalidAmount | KeyRefused;

/** Tries where an engine does not answer; a caller who waits gets an answer within the time-outs of the pool. */
const TRIES = { initialMs: 50, maxMs: 500, attemptsMax: 3 };

/**
 * Deposits to a wallet, or withdraws from it.
 * @returns the operation, FAILED where an engine was down for all tries; or WALLET_NOT_FOUND, INSUFFICIENT_FUNDS or BALANCE_LIMIT
 * (recorded as failed transactions), INVALID_AMOUNT (not above zero), IDEMPOTENCY_MISMATCH, IDEMPOTENCY_EXPIRED
 * @throws AppError `timeout` (the outcome is unknown), `overloaded`
 */
export async function operate(lane: Lane, command: OperateCommand): Promise<OperateResult> {
  const { walletId, operationType, amount } = command;
  const type = operationType === 'DEPOSIT' ? 'deposit' : 'withdrawal';
  try {
    const result = await retryWithBackoff(() => moveCash(lane, type, { walletId }, command), {
      ...TRIES,
      shouldRetry: isUnavailable,
    });
    if (!result.ok) return result;
    const { id, createdAt } = result.transaction;
    const operation: Operation = { id, walletId, operationType, amount, status: 'SUCCESS', createdAt };
    return { ok: true, operation, isReplay: result.isReplay };
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    const operation: Operation = {
      id: newId(),
      walletId,
      operationType,
      amount,
      status: 'FAILED',
      createdAt: new Date(),
    };
    return { ok: true, operation, isReplay: false };
  }
}

const isUnavailable = (error: unknown) => error instanceof AppError && error.kind === 'unavailable';
