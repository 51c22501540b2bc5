import { payeeReferenceOf, readAmount } from '@souk/contracts';
import { AppError, unavailable, type Logger } from '@souk/service';
import type { Answer, Command } from '../machine/commands';
import type { Machine } from '../machine/machine';
import type { OpenWithdrawal, Refused } from '../machine/machine-state';
import type { ChargeAnswer, WalletCharges } from './wallet-charges';

export interface SettleDeps {
  charges: WalletCharges;
  logger: Logger;
}

/** The parts of an open withdrawal that settling it needs. */
export type Settling = Pick<OpenWithdrawal, 'id' | 'amount' | 'accountId' | 'actor' | 'outcomeId'>;

const EXPIRED: Refused = { code: 'WITHDRAWAL_EXPIRED' };

/**
 * Charges for notes that are set aside, then dispenses them or puts them back. The machine's state decides: the first process to
 * settle the withdrawal wins, and a payment that doesn't match is cancelled afterwards.
 * @returns the outcome, even if another process settled it; `gone` if the outcome is no longer stored
 * @throws AppError `unavailable` if the wallet accepts no charges: the notes are put back and the outcome is deleted; `timeout`
 *   if it is unknown whether the account was charged, or if the outcome couldn't be written: the withdrawal is still open
 */
export async function settleWithdrawal(deps: SettleDeps, machine: Machine, withdrawal: Settling): Promise<Answer> {
  let charged: ChargeAnswer;
  try {
    charged = await deps.charges.charge({
      paymentId: withdrawal.id,
      accountId: withdrawal.accountId,
      payeeReference: payeeReferenceOf(machine.id),
      amount: readAmount(withdrawal.amount)!,
      actor: withdrawal.actor,
    });
  } catch (error) {
    return onNoAnswer(deps, machine, withdrawal, error);
  }
  if (charged.state === 'charged') return transition(machine, withdrawal, { kind: 'dispense' });
  const refusal = charged.state === 'declined' ? refusalOf(charged.reason) : EXPIRED;
  return transition(machine, withdrawal, { kind: 'put_back', refusal, payment: 'ended', outcome: 'kept' });
}

async function onNoAnswer(
  { logger }: SettleDeps,
  machine: Machine,
  withdrawal: Settling,
  error: unknown,
): Promise<Answer> {
  logger.warn({ err: error, machine: machine.id, withdrawal: withdrawal.id }, 'the wallet gave no answer to a charge');
  const isRefused = error instanceof AppError && (error.kind === 'unavailable' || error.kind === 'overloaded');
  if (!isRefused) throw outcomeUnknown('The wallet', error);
  // An earlier attempt of the same call may still have arrived, so the payment is cancelled even though the outcome is deleted.
  const answer = await transition(machine, withdrawal, {
    ...{ kind: 'put_back', refusal: EXPIRED, payment: 'to_be_cancelled', outcome: 'forgotten' },
  });
  if (answer.kind === 'dispensed') return answer;
  throw unavailable('the wallet', error);
}

/** Puts back a withdrawal that has been open for too long, unless it has just been settled. */
export const expireWithdrawal = (machine: Machine, withdrawal: Settling): Promise<Answer> =>
  transition(machine, withdrawal, { kind: 'put_back', refusal: EXPIRED, payment: 'to_be_cancelled', outcome: 'kept' });

type Ending =
  Pick<Extract<Command, { kind: 'dispense' }>, 'kind'> | Omit<Extract<Command, { kind: 'put_back' }>, 'id' | 'actor'>;

async function transition(machine: Machine, { id, actor, outcomeId }: Settling, ending: Ending): Promise<Answer> {
  const command = { ...ending, id, actor };
  const settled = await machine.lane.submit({ command, outcomeId }).catch(rethrowUnknown);
  return settled.ok ? settled.answer : { kind: 'gone' };
}

/** The withdrawal is open and may be charged, so a failed store call doesn't mean that nothing was done. */
export function rethrowUnknown(error: unknown): never {
  throw error instanceof AppError && error.retryable ? outcomeUnknown('The store of the machine', error) : error;
}

const outcomeUnknown = (what: string, cause: unknown) =>
  new AppError('timeout', 'TIMEOUT', `${what} does not answer; the outcome is unknown, ask again with the same key`, {
    cause,
  });

const refusalOf = (reason: string): Refused =>
  reason === 'NO_WALLET' ? { code: 'ACCOUNT_NOT_FOUND' } : { code: 'PAYMENT_DECLINED', reason };
