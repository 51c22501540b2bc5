import { ATM_FAILURES, exactNumber, readAmount, type FailureDeclaration } from '@souk/contracts';
import { exactJson, HttpFailure, problemFailures, failureAnswer, type Answer } from '@souk/http';
import type { Minor } from '@souk/money';
import { worthOf } from './machine/apply-command';
import type { KeyRefusal } from './machine/commands';
import {
  initialCounts,
  type Cash,
  type JournalEntry,
  type MachineState,
  type Outcome,
  type Pieces,
  type Refused,
} from './machine/machine-state';
import { plainAmount, type MachineSettings } from './machines';

const KEY_REFUSALS = {
  IDEMPOTENCY_MISMATCH: ATM_FAILURES.keyMismatch,
  IDEMPOTENCY_EXPIRED: ATM_FAILURES.keyExpired,
  IDEMPOTENCY_IN_PROGRESS: ATM_FAILURES.keyInProgress,
} as const;

const exactText = (amount: string) => exactNumber(readAmount(amount)!);
const exactOrNull = (amount: string | null) => (amount === null ? null : exactText(amount));

/** The contract's failure for a refusal, with its message and details. */
export function describeRefused(refused: Refused): { failure: FailureDeclaration; details?: Record<string, unknown> } {
  switch (refused.code) {
    case 'TOO_MANY_COINS':
      return { failure: ATM_FAILURES.tooManyCoins };
    case 'INSUFFICIENT_FUNDS': {
      const message = `Insufficient funds. Max available amount: ${refused.maxPayable}`;
      return { failure: { ...ATM_FAILURES.insufficientFunds, message } };
    }
    case 'NOT_PAYABLE': {
      const details = { below: exactOrNull(refused.below), above: exactOrNull(refused.above) };
      return { failure: ATM_FAILURES.notPayable, details };
    }
    case 'WITHDRAWAL_OPEN':
      return { failure: ATM_FAILURES.withdrawalOpen };
    case 'ACCOUNT_NOT_FOUND':
      return { failure: ATM_FAILURES.accountNotFound };
    case 'PAYMENT_DECLINED': {
      const { reason } = refused;
      const message =
        reason === 'INSUFFICIENT_FUNDS' ? ATM_FAILURES.paymentDeclined.message : 'The wallet declines the charge';
      return { failure: { ...ATM_FAILURES.paymentDeclined, message }, details: { reason } };
    }
    case 'WITHDRAWAL_EXPIRED':
      return { failure: ATM_FAILURES.withdrawalExpired };
  }
}

/** A failure response whose numbers are exact. */
function answerFailure(
  { status, code, message }: FailureDeclaration,
  options: { details?: Record<string, unknown>; headers?: Record<string, string> } = {},
): Answer {
  const answer = failureAnswer(problemFailures, { status, code, message }, options);
  return { ...answer, body: exactJson(answer.body as Record<string, unknown>) };
}

/** The response for the outcome of a POST. */
export function answerOutcome(
  result:
    { ok: true; outcome: Outcome; isReplay: boolean } | { ok: false; code: KeyRefusal | 'IDEMPOTENCY_IN_PROGRESS' },
): Answer {
  if (!result.ok) {
    const isEarly = result.code === 'IDEMPOTENCY_IN_PROGRESS';
    return answerFailure(KEY_REFUSALS[result.code], isEarly ? { headers: { 'Retry-After': '1' } } : {});
  }
  const { outcome, isReplay } = result;
  const headers: Record<string, string> = isReplay ? { 'Idempotency-Replayed': 'true' } : {};
  if (outcome.kind === 'refused') {
    const { failure, details } = describeRefused(outcome.refusal);
    return answerFailure(failure, { headers, ...(details && { details }) });
  }
  return { status: 200, body: presentOutcome(outcome), headers };
}

function presentOutcome(outcome: Exclude<Outcome, { kind: 'refused' }>): unknown {
  switch (outcome.kind) {
    case 'dispensed':
      return exactJson({
        requested_amount: exactText(outcome.amount),
        withdrawal: presentCash(outcome.cash),
      });
    case 'refilled':
      return { refilled: outcome.pieces };
    case 'reset':
      return 'full';
    case 'open':
      throw new Error(`${outcome.withdrawalId} has not ended`);
  }
}

export const limitExceeded = ({ limits }: MachineSettings): HttpFailure =>
  failureOf({ ...ATM_FAILURES.limitExceeded, message: limitSentence(limits.amountMax) });

export const limitSentence = (amountMax: Minor) =>
  `Amount exceeds the maximum withdrawal limit of ${plainAmount(amountMax)}`;

export const unknownDenomination = (text: string): HttpFailure =>
  failureOf({ ...ATM_FAILURES.unknownDenomination, message: `Unknown denomination ${text}` });

export const answerUnknownMachine = (): Answer => answerFailure(ATM_FAILURES.machineNotFound);

/** A validation error that depends on the machine's settings. */
export const fieldFault = (field: string, message: string): HttpFailure =>
  failureOf({ ...ATM_FAILURES.invalidField, message: `${field} ${message}` }, { fields: [{ field, message }] });

const failureOf = ({ status, code, message }: FailureDeclaration, details?: Record<string, unknown>) =>
  new HttpFailure({ status, code, message, ...(details && { details }) });

/** The pieces of one kind, in the order of the settings: larger ones first. */
function byKind(pieces: Pieces, { denominations }: MachineSettings, kind: 'bill' | 'coin'): Pieces {
  const counted = denominations.filter(
    ({ text, denomination }) => denomination.kind === kind && (pieces[text] ?? 0) > 0,
  );
  return Object.fromEntries(counted.map(({ text }) => [text, pieces[text]!]));
}

/** Cash as dispensed, or as it would be. Uses its own denominations, because the settings may have changed since. */
export const presentCash = ({ bills, coins }: Cash) => ({ BILL: bills, COIN: coins });

/** A machine's stock of the denominations in its settings. */
function dispensableCash(state: MachineState | undefined, settings: MachineSettings): Cash {
  const counts = state?.counts ?? initialCounts(settings);
  return { bills: byKind(counts, settings, 'bill'), coins: byKind(counts, settings, 'coin') };
}

export const presentInventory = (state: MachineState | undefined, settings: MachineSettings) => ({
  result: dispensableCash(state, settings),
});

export const presentTotal = (state: MachineState | undefined, settings: MachineSettings) => {
  const { bills, coins } = dispensableCash(state, settings);
  return exactJson({ total: exactNumber(worthOf({ ...bills, ...coins })) });
};

export const presentEntry = (entry: JournalEntry) => ({
  sequence: entry.sequence,
  type: entry.type,
  status: entry.status,
  id: entry.id,
  amount: exactText(entry.amount),
  pieces: entry.pieces,
  change: entry.change,
  account_id: entry.accountId,
  idempotency_key: entry.key,
  actor: entry.actor,
  created_at: entry.createdAt,
});
