import type { WalletClient } from '@souk/grpc';
import { AppError, unavailable, type Logger } from '@souk/service';
import type { Answer, Command } from '../machine/commands';
import type { Machine } from '../machine/machine';
import type { StoredRefusal } from '../machine/machine-state';
import { chargeAccount, type ChargeResult, type WithdrawalPayment } from './charge-account';

export interface SettleDeps {
  wallet: WalletClient;
  logger: Logger;
}

/** An open withdrawal from an account. */
interface WithdrawalToSettle extends WithdrawalPayment {
  outcomeId: string;
}

const EXPIRED: StoredRefusal = { code: 'WITHDRAWAL_EXPIRED' };

/**
 * Charges the account for pieces that are set aside, then dispenses them or puts them back. The machine's state decides: the
 * first process to settle the withdrawal wins, and a payment that doesn't match is cancelled afterwards.
 * @returns the outcome, even if another process settled it; `too_late` if the outcome is no longer stored
 * @throws AppError `unavailable` if the wallet accepts no charges: the pieces are put back and the outcome is deleted; `timeout`
 *   if it is unknown whether the account was charged, or if the outcome couldn't be written: the withdrawal is still open
 */
export async function settleWithdrawal(
  deps: SettleDeps,
  machine: Machine,
  withdrawal: WithdrawalToSettle,
): Promise<Answer> {
  let result: ChargeResult;
  try {
    result = await chargeAccount(deps.wallet, machine.id, withdrawal);
  } catch (error) {
    return handleFailedCharge(deps, machine, withdrawal, error);
  }
  if (result.state === 'charged') return endWithdrawal(machine, withdrawal, { kind: 'dispense' });
  const refusal = result.state === 'declined' ? refusalOf(result.reason) : EXPIRED;
  return endWithdrawal(machine, withdrawal, { kind: 'put_back', refusal, payment: 'ended', outcome: 'stored' });
}

async function handleFailedCharge(
  { logger }: SettleDeps,
  machine: Machine,
  withdrawal: WithdrawalToSettle,
  error: unknown,
): Promise<Answer> {
  logger.warn({ err: error, machine: machine.id, withdrawal: withdrawal.id }, 'the wallet did not answer a charge');
  const isRefused = error instanceof AppError && (error.kind === 'unavailable' || error.kind === 'overloaded');
  if (!isRefused) throw outcomeUnknown('The wallet', error);
  // An earlier attempt of the same call may have arrived after all, so the payment is cancelled even though the outcome is
  // deleted.
  const answer = await endWithdrawal(machine, withdrawal, {
    kind: 'put_back',
    refusal: EXPIRED,
    payment: 'to_be_cancelled',
    outcome: 'deleted',
  });
  if (answer.kind === 'dispensed') return answer;
  throw unavailable('the wallet', error);
}

/** Puts back a withdrawal that has been open for too long, unless it has just been settled. */
export const expireWithdrawal = (machine: Machine, withdrawal: WithdrawalToSettle): Promise<Answer> =>
  endWithdrawal(machine, withdrawal, {
    kind: 'put_back',
    refusal: EXPIRED,
    payment: 'to_be_cancelled',
    outcome: 'stored',
  });

type Ending =
  Pick<Extract<Command, { kind: 'dispense' }>, 'kind'> | Omit<Extract<Command, { kind: 'put_back' }>, 'id' | 'actor'>;

async function endWithdrawal(
  machine: Machine,
  { id, actor, outcomeId }: WithdrawalToSettle,
  ending: Ending,
): Promise<Answer> {
  const command = { ...ending, id, actor };
  const result = await machine.lane.submit({ command, outcomeId }).catch(rethrowUnknown);
  return result.ok ? result.answer : { kind: 'too_late' };
}

/** The withdrawal is open and may be charged, so a failed store call doesn't mean that nothing was done. */
export function rethrowUnknown(error: unknown): never {
  throw error instanceof AppError && error.retryable ? outcomeUnknown("The machine's store", error) : error;
}

const outcomeUnknown = (callee: string, cause: unknown) =>
  new AppError('timeout', 'TIMEOUT', `${callee} did not answer; the outcome is unknown, retry with the same key`, {
    cause,
  });

const refusalOf = (reason: string): StoredRefusal =>
  reason === 'NO_WALLET' ? { code: 'ACCOUNT_NOT_FOUND' } : { code: 'PAYMENT_DECLINED', reason };
