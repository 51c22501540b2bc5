import type { Minor } from '@souk/money';
import {
  INVALID_AMOUNT,
  isPositive,
  type Asked,
  type InvalidAmount,
  type KeyRefused,
  type Transaction,
} from '../asked';
import type { MovementAnswer, Target } from '../ledger/decisions/commands';
import type { CashType } from '../ledger/decisions/ledger-state';
import type { Lane, OnceAnswer } from '../ledger/lane';

export interface AccountCashCommand extends Asked {
  accountId: string;
  amount: Minor;
}

export interface WalletCashCommand extends Asked {
  walletId: string;
  amount: Minor;
}

export type MovementRefused = Extract<MovementAnswer, { ok: false }> & { isReplay: boolean };

/** `balance` is the balance of the account after the movement. */
export type AccountCashResult =
  | { ok: true; transaction: Transaction; balance: Minor; isReplay: boolean }
  | MovementRefused
  | InvalidAmount
  | KeyRefused;

export type TransactionResult =
  { ok: true; transaction: Transaction; isReplay: boolean } | MovementRefused | InvalidAmount | KeyRefused;

/**
 * Brings money into an account from outside.
 * @returns the transaction and the balance; or ACCOUNT_NOT_FOUND, BALANCE_LIMIT (recorded as failed), INVALID_AMOUNT (not above
 * zero), IDEMPOTENCY_MISMATCH, IDEMPOTENCY_EXPIRED
 * @throws AppError `unavailable`, `timeout`, `overloaded`
 */
export const credit = (lane: Lane, command: AccountCashCommand): Promise<AccountCashResult> =>
  moveAccountCash(lane, 'credit', command);

/**
 * Takes money out of an account.
 * @returns the transaction and the balance; or ACCOUNT_NOT_FOUND, INSUFFICIENT_FUNDS (recorded as failed), INVALID_AMOUNT (not
 * above zero), IDEMPOTENCY_MISMATCH, IDEMPOTENCY_EXPIRED
 * @throws AppError `unavailable`, `timeout`, `overloaded`
 */
export const debit = (lane: Lane, command: AccountCashCommand): Promise<AccountCashResult> =>
  moveAccountCash(lane, 'debit', command);

/**
 * Brings money into a wallet from outside.
 * @returns the transaction; or WALLET_NOT_FOUND, BALANCE_LIMIT (recorded as failed), INVALID_AMOUNT (not above zero),
 * IDEMPOTENCY_MISMATCH, IDEMPOTENCY_EXPIRED
 * @throws AppError `unavailable`, `timeout`, `overloaded`
 */
export const replenish = (lane: Lane, command: WalletCashCommand): Promise<TransactionResult> =>
  moveCash(lane, 'replenish', { walletId: command.walletId }, command);

/** The common part of credit, debit, replenish and the operations of a wallet. */
export async function moveCash(
  lane: Lane,
  type: CashType,
  target: Target,
  { amount, actor, correlationId, idempotency }: Asked & { amount: Minor },
): Promise<OnceAnswer<'cash'> | InvalidAmount> {
  if (!isPositive(amount)) return INVALID_AMOUNT;
  return lane.submitOnce<'cash'>({ kind: 'cash', type, target, amount, actor, correlationId }, idempotency);
}

async function moveAccountCash(lane: Lane, type: CashType, command: AccountCashCommand): Promise<AccountCashResult> {
  const result = await moveCash(lane, type, { accountId: command.accountId }, command);
  if (!result.ok) return result;
  // The other posting belongs to a system wallet, which has no balance.
  const balance = result.transaction.postings.find(({ balanceAfter }) => balanceAfter !== null)!.balanceAfter!;
  return { ...result, balance };
}
