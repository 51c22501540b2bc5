import type { Minor } from '@souk/money';
import { AppError, retryWithBackoff, timeOrderedId } from '@souk/service';
import type { InvalidAmount, KeyRefused } from '../asked';
import type { Lane } from '../ledger/lane';
import { moveCash, type MovementRefused, type WalletCashCommand } from './move-cash';

export type OperationType = 'DEPOSIT' | 'WITHDRAW';

export interface OperateCommand extends WalletCashCommand {
  operationType: OperationType;
}

export interface Operation {
  /** The id of the transaction; for `FAILED`, an id that refers to nothing. */
  id: string;
  walletId: string;
  operationType: OperationType;
  amount: Minor;
  /** `FAILED`: an engine didn't answer and nothing was done. It isn't stored for replay, so the same key tries again. */
  status: 'SUCCESS' | 'FAILED';
  createdAt: Date;
}

export type OperateResult =
  { ok: true; operation: Operation; isReplay: boolean } | MovementRefused | InvalidAmount | KeyRefused;

/** Tries while an engine doesn't answer. The pool's timeouts bound how long the caller waits. */
const TRIES = { initialMs: 50, maxMs: 500, attemptsMax: 3 };

/**
 * Deposits into a wallet or withdraws from it.
 * @returns the operation, FAILED if an engine was down on every try; or WALLET_NOT_FOUND, INSUFFICIENT_FUNDS or BALANCE_LIMIT
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
      id: timeOrderedId(),
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
