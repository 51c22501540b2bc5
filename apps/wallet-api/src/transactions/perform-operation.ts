import type { Minor } from '@souk/money';
import { AppError, retryWithBackoff, timeOrderedId } from '@souk/service';
import type { KeyRefused, Lane } from '../ledger/lane';
import { postExternal, type WalletTransactionCommand } from './external-transactions';
import type { InvalidAmount, TransactionRefused } from './transaction-result';

interface OperationCommand extends WalletTransactionCommand {
  operationType: 'DEPOSIT' | 'WITHDRAW';
}

/** An operation of `/api/v1/wallets`: a deposit or withdrawal as its clients know it. It posts a transaction. */
export interface Operation {
  /** The id of the transaction; for `FAILED`, an id that refers to nothing. */
  id: string;
  walletId: string;
  operationType: OperationCommand['operationType'];
  amount: Minor;
  /** `FAILED`: the database didn't respond and nothing was done. It isn't stored, so a retry with the same key is applied. */
  status: 'SUCCESS' | 'FAILED';
  createdAt: Date;
}

type OperationResult =
  { ok: true; operation: Operation; isReplay: boolean } | TransactionRefused | InvalidAmount | KeyRefused;

/** Retries while the database doesn't respond. The pool's timeouts bound how long the caller waits. */
const RETRIES = { initialMs: 50, maxMs: 500, attemptsMax: 3 };

/**
 * Deposits into a wallet or withdraws from it.
 * @returns the operation, FAILED if the database was down on every try; or WALLET_NOT_FOUND, INSUFFICIENT_FUNDS or BALANCE_LIMIT
 * (recorded as failed transactions), INVALID_AMOUNT (not above zero), IDEMPOTENCY_MISMATCH, IDEMPOTENCY_EXPIRED
 * @throws AppError `timeout` (the outcome is unknown), `overloaded`
 */
export async function performOperation(lane: Lane, command: OperationCommand): Promise<OperationResult> {
  const { walletId, operationType, amount } = command;
  const type = operationType === 'DEPOSIT' ? 'deposit' : 'withdrawal';
  try {
    const result = await retryWithBackoff(() => postExternal(lane, type, { walletId }, command), {
      ...RETRIES,
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
