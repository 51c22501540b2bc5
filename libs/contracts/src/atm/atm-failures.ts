import { z } from 'zod';
import { COMMON_FAILURES, invalidFields } from '../declaration/common-failures';
import { failureResponses, PROBLEM_FAILURE, type FailureDeclaration } from '../declaration/failure-declaration';

const fields = invalidFields({ field: 'amount', message: 'is required' });

const payable = (description: string) => z.number().nullable().meta({ description, example: 120 });

/** Every refusal of the ATM API, with its status and its message; values that depend on the machine are examples. */
export const ATM_FAILURES = {
  amountNotPositive: {
    status: 422,
    code: 'INVALID_AMOUNT',
    when: 'the amount is zero or less',
    message: 'Amount must be greater than zero',
    details: { fields },
  },
  invalidAmount: {
    status: 422,
    code: 'INVALID_AMOUNT',
    when: 'the amount is missing, malformed, or has more than two decimals',
    message: 'amount must be an amount of more than 0 with at most two decimals, such as "12.50"',
    details: { fields },
  },
  limitExceeded: {
    status: 422,
    code: 'LIMIT_EXCEEDED',
    when: 'the amount exceeds the limit of one withdrawal',
    message: 'Amount exceeds the maximum withdrawal limit of 2000',
  },
  tooManyCoins: {
    status: 422,
    code: 'TOO_MANY_COINS',
    when: 'paying the amount would take more coins than a withdrawal may have',
    message: 'Too many coins',
  },
  insufficientFunds: {
    status: 409,
    code: 'INSUFFICIENT_FUNDS',
    when: 'the amount is more than the machine can pay in one withdrawal now',
    message: 'Insufficient funds. Max available amount: 1716.41',
  },
  notPayable: {
    status: 409,
    code: 'NOT_PAYABLE',
    when: 'no combination of the available pieces adds up to the amount',
    message: 'Amount cannot be paid with the available denominations',
    details: {
      below: payable('The next smaller amount that can be paid; null if there is none'),
      above: payable('The next larger amount that can be paid; null if there is none'),
    },
  },
  unknownDenomination: {
    status: 422,
    code: 'UNKNOWN_DENOMINATION',
    when: 'the machine does not take one of the denominations; nothing was refilled',
    message: 'Unknown denomination 3',
  },
  withdrawalOpen: {
    status: 409,
    code: 'WITHDRAWAL_OPEN',
    when: 'pieces are set aside for an open withdrawal; nothing was done',
    message: 'A withdrawal is open; try again when it has ended',
  },
  accountNotFound: { status: 404, code: 'ACCOUNT_NOT_FOUND', message: 'Account not found' },
  machineNotFound: { status: 404, code: 'MACHINE_NOT_FOUND', message: 'Machine not found' },
  paymentDeclined: {
    status: 402,
    code: 'PAYMENT_DECLINED',
    when: 'the wallet declined the charge; nothing was dispensed',
    message: 'The account has insufficient funds',
    details: {
      reason: z.string().meta({ description: "The wallet's reason code", example: 'INSUFFICIENT_FUNDS' }),
    },
  },
  withdrawalExpired: {
    status: 409,
    code: 'WITHDRAWAL_EXPIRED',
    when: 'the wallet did not answer in time; the pieces were put back and the charge is cancelled',
    message: 'The wallet did not answer in time; nothing was dispensed and the account is not charged',
  },
  invalidField: {
    status: 422,
    code: 'INVALID_REQUEST',
    when: 'a field or a parameter is invalid',
    message: 'money is required',
    details: { fields },
  },
  unreadable: {
    ...COMMON_FAILURES.invalidRequest,
    when: 'the request is malformed, has an unknown query parameter, or has an invalid Idempotency-Key',
    message: 'The body is not valid JSON',
    details: { fields },
  },
  unavailable: {
    ...COMMON_FAILURES.unavailable,
    message: 'The store of the machine is not available; nothing was done, try again',
  },
  keyInProgress: COMMON_FAILURES.keyInProgress,
  keyMismatch: COMMON_FAILURES.keyMismatch,
  keyExpired: COMMON_FAILURES.keyExpired,
} as const satisfies Record<string, FailureDeclaration>;

const { unreadable, invalidField, unavailable, keyExpired, keyMismatch } = ATM_FAILURES;
const { overloaded, rateLimited, timeout, payloadTooLarge, unsupportedMediaType } = COMMON_FAILURES;

const failures = failureResponses(PROBLEM_FAILURE);

/** Failures of a GET. */
export const atmReadFailures = (...routeFailures: readonly FailureDeclaration[]) =>
  failures(unreadable, invalidField, overloaded, rateLimited, unavailable, timeout, ...routeFailures);

/** Failures of a POST without fields. */
export const atmActFailures = (...routeFailures: readonly FailureDeclaration[]) =>
  failures(
    unreadable,
    overloaded,
    rateLimited,
    unavailable,
    timeout,
    payloadTooLarge,
    unsupportedMediaType,
    ...routeFailures,
    keyExpired,
  );

/** Failures of a POST with a body. */
export const atmCommandFailures = (...routeFailures: readonly FailureDeclaration[]) =>
  failures(
    unreadable,
    invalidField,
    overloaded,
    rateLimited,
    unavailable,
    timeout,
    payloadTooLarge,
    unsupportedMediaType,
    ...routeFailures,
    keyExpired,
    keyMismatch,
  );
