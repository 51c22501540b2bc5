import type { Minor } from '@souk/money';
import type { Target } from '../ledger/decisions/commands';
import type { ExternalType, Transaction } from '../ledger/decisions/ledger-state';
import type { KeyRefused, Lane, OnceResult } from '../ledger/lane';
import type { RequestOrigin } from '../request-origin';
import {
  INVALID_AMOUNT,
  type InvalidAmount,
  type TransactionRefused,
  type TransactionResult,
} from './transaction-result';

interface AccountTransactionCommand extends RequestOrigin {
  accountId: string;
  amount: Minor;
}

export interface WalletTransactionCommand extends RequestOrigin {
  walletId: string;
  amount: Minor;
}

/** `balance` is the balance of the account after the transaction. */
export type AccountTransactionResult =
  | { ok: true; transaction: Transaction; balance: Minor; isReplay: boolean }
  | TransactionRefused
  | InvalidAmount
  | KeyRefused;

/**
 * Brings money into an account from outside.
 * @returns the transaction and the balance; or ACCOUNT_NOT_FOUND, BALANCE_LIMIT (recorded as failed), INVALID_AMOUNT (not above
 * zero), IDEMPOTENCY_MISMATCH, IDEMPOTENCY_EXPIRED
 * @throws AppError `unavailable`, `timeout`, `overloaded`
 */
export const credit = (lane: Lane, command: AccountTransactionCommand): Promise<AccountTransactionResult> =>
  postToAccount(lane, 'credit', command);

/**
 * Takes money out of an account.
 * @returns the transaction and the balance; or ACCOUNT_NOT_FOUND, INSUFFICIENT_FUNDS (recorded as failed), INVALID_AMOUNT (not
 * above zero), IDEMPOTENCY_MISMATCH, IDEMPOTENCY_EXPIRED
 * @throws AppError `unavailable`, `timeout`, `overloaded`
 */
export const debit = (lane: Lane, command: AccountTransactionCommand): Promise<AccountTransactionResult> =>
  postToAccount(lane, 'debit', command);

/**
 * Brings money into a wallet from outside.
 * @returns the transaction; or WALLET_NOT_FOUND, BALANCE_LIMIT (recorded as failed), INVALID_AMOUNT (not above zero),
 * IDEMPOTENCY_MISMATCH, IDEMPOTENCY_EXPIRED
 * @throws AppError `unavailable`, `timeout`, `overloaded`
 */
export const replenish = (lane: Lane, command: WalletTransactionCommand): Promise<TransactionResult> =>
  postExternal(lane, 'replenish', { walletId: command.walletId }, command);

/** The common part of credit, debit, replenish and the operations of a wallet. */
export async function postExternal(
  lane: Lane,
  type: ExternalType,
  target: Target,
  { amount, actor, correlationId, idempotency }: RequestOrigin & { amount: Minor },
): Promise<OnceResult<'external'> | InvalidAmount> {
  if (amount <= 0n) return INVALID_AMOUNT;
  return lane.submitOnce<'external'>({ kind: 'external', type, target, amount, actor, correlationId }, idempotency);
}

async function postToAccount(
  lane: Lane,
  type: ExternalType,
  command: AccountTransactionCommand,
): Promise<AccountTransactionResult> {
  const result = await postExternal(lane, type, { accountId: command.accountId }, command);
  if (!result.ok) return result;
  // The other posting belongs to a system wallet, which has no balance.
  const balance = result.transaction.postings.find(({ balanceAfter }) => balanceAfter !== null)!.balanceAfter!;
  return { ...result, balance };
}
