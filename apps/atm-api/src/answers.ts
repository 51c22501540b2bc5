import { ATM_FAILURES, exactNumber, readAmount, type FailureDeclaration } from '@souk/contracts';
import { exactJson, HttpFailure, problemFailures, failureAnswer, type Answer } from '@souk/http';
import type { Minor } from '@souk/money';
import { plainAmount, type MachineSettings } from './machine/machine-settings';
import type { Cash, Outcome, StoredRefusal } from './machine/machine-state';
import type { WithdrawResult } from './withdrawals/withdraw-from-account';

const KEY_REFUSALS = {
  IDEMPOTENCY_MISMATCH: ATM_FAILURES.keyMismatch,
  IDEMPOTENCY_EXPIRED: ATM_FAILURES.keyExpired,
  IDEMPOTENCY_IN_PROGRESS: ATM_FAILURES.keyInProgress,
} as const;

/** The response for the result of a POST. */
export function answerResult(result: WithdrawResult): Answer {
  if (!result.ok) {
    const isInProgress = result.code === 'IDEMPOTENCY_IN_PROGRESS';
    return answerFailure(KEY_REFUSALS[result.code], isInProgress ? { headers: { 'Retry-After': '1' } } : {});
  }
  const { outcome, isReplay } = result;
  const headers: Record<string, string> = isReplay ? { 'Idempotency-Replayed': 'true' } : {};
  if (outcome.kind === 'refused') {
    const { failure, details } = describeRefusal(outcome.refusal);
    return answerFailure(failure, { headers, ...(details && { details }) });
  }
  return { status: 200, body: presentOutcome(outcome), headers };
}

function presentOutcome(outcome: Exclude<Outcome, { kind: 'refused' | 'open' }>): unknown {
  switch (outcome.kind) {
    case 'dispensed':
      return exactJson({ requested_amount: exactText(outcome.amount), withdrawal: presentCash(outcome.cash) });
    case 'refilled':
      return { refilled: outcome.pieces };
    case 'reset':
      return 'full';
  }
}

/** Cash that was or would be dispensed, in its own denominations: those in the settings may have changed since. */
export const presentCash = ({ bills, coins }: Cash) => ({ BILL: bills, COIN: coins });

/** The failure that the contract declares for a refusal, with its message and details. */
export function describeRefusal(refusal: StoredRefusal): {
  failure: FailureDeclaration;
  details?: Record<string, unknown>;
} {
  switch (refusal.code) {
    case 'TOO_MANY_COINS':
      return { failure: ATM_FAILURES.tooManyCoins };
    case 'INSUFFICIENT_FUNDS': {
      const message = `Insufficient funds. Max available amount: ${refusal.maxPayable}`;
      return { failure: { ...ATM_FAILURES.insufficientFunds, message } };
    }
    case 'NOT_PAYABLE': {
      const details = { below: exactOrNull(refusal.below), above: exactOrNull(refusal.above) };
      return { failure: ATM_FAILURES.notPayable, details };
    }
    case 'WITHDRAWAL_OPEN':
      return { failure: ATM_FAILURES.withdrawalOpen };
    case 'ACCOUNT_NOT_FOUND':
      return { failure: ATM_FAILURES.accountNotFound };
    case 'PAYMENT_DECLINED': {
      const { reason } = refusal;
      const message =
        reason === 'INSUFFICIENT_FUNDS' ? ATM_FAILURES.paymentDeclined.message : 'The wallet declined the charge';
      return { failure: { ...ATM_FAILURES.paymentDeclined, message }, details: { reason } };
    }
    case 'WITHDRAWAL_EXPIRED':
      return { failure: ATM_FAILURES.withdrawalExpired };
  }
}

const exactText = (amount: string) => exactNumber(readAmount(amount)!);
const exactOrNull = (amount: string | null) => (amount === null ? null : exactText(amount));

/** A failure response with exact numbers. */
function answerFailure(
  { status, code, message }: FailureDeclaration,
  options: { details?: Record<string, unknown>; headers?: Record<string, string> } = {},
): Answer {
  const answer = failureAnswer(problemFailures, { status, code, message }, options);
  return { ...answer, body: exactJson(answer.body as Record<string, unknown>) };
}

export const answerUnknownMachine = (): Answer => answerFailure(ATM_FAILURES.machineNotFound);

export const limitExceeded = ({ limits }: MachineSettings): HttpFailure =>
  failureOf({ ...ATM_FAILURES.limitExceeded, message: limitSentence(limits.amountMax) });

export const limitSentence = (amountMax: Minor) =>
  `Amount exceeds the maximum withdrawal limit of ${plainAmount(amountMax)}`;

export const unknownDenomination = (text: string): HttpFailure =>
  failureOf({ ...ATM_FAILURES.unknownDenomination, message: `Unknown denomination ${text}` });

/** A validation error that depends on the machine's settings. */
export const fieldError = (field: string, message: string): HttpFailure =>
  failureOf({ ...ATM_FAILURES.invalidField, message: `${field} ${message}` }, { fields: [{ field, message }] });

const failureOf = ({ status, code, message }: FailureDeclaration, details?: Record<string, unknown>) =>
  new HttpFailure({ status, code, message, ...(details && { details }) });
