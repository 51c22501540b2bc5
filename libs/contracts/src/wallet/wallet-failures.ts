import { COMMON_FAILURES, invalidFields } from '../declaration/common-failures';
import { failureResponses, PROBLEM_FAILURE, type FailureDeclaration } from '../declaration/failure-declaration';

const fields = invalidFields({ field: 'amount', message: 'is required' });

/** Every refusal of the Wallet API, with its status and its message. */
export const WALLET_FAILURES = {
  insufficientFunds: { status: 400, code: 'INSUFFICIENT_FUNDS', message: 'Insufficient funds' },
  accountNotFound: { status: 404, code: 'ACCOUNT_NOT_FOUND', message: 'Account not found' },
  walletNotFound: { status: 404, code: 'WALLET_NOT_FOUND', message: 'Wallet not found' },
  referenceTaken: { status: 409, code: 'REFERENCE_TAKEN', message: 'Another account has this reference' },
  sameWallet: { status: 422, code: 'SAME_WALLET', message: 'to_wallet_id must be another wallet' },
  balanceLimit: {
    status: 422,
    code: 'BALANCE_LIMIT',
    when: 'a wallet would hold more than the maximum',
    message: 'A wallet can hold at most 89999999999999999.91',
  },
  invalidAmount: {
    status: 422,
    code: 'INVALID_AMOUNT',
    when: 'an amount is missing, malformed, out of bounds, or has more than two decimals',
    message: 'amount must be an amount of more than 0 with at most two decimals, such as "12.50"',
    details: { fields },
  },
  invalidField: {
    status: 422,
    code: 'INVALID_REQUEST',
    when: 'a field or a parameter is invalid',
    message: 'account_id is required',
    details: { fields },
  },
  unreadable: {
    ...COMMON_FAILURES.invalidRequest,
    when: 'the request is malformed or has an unknown query parameter',
    message: 'The body is not valid JSON',
    details: { fields },
  },
  unavailable: {
    ...COMMON_FAILURES.unavailable,
    message: 'The database is not available; nothing was done, try again',
  },
  keyInProgress: COMMON_FAILURES.keyInProgress,
  keyMismatch: COMMON_FAILURES.keyMismatch,
  keyExpired: COMMON_FAILURES.keyExpired,
} as const satisfies Record<string, FailureDeclaration>;

const { unreadable, invalidField, invalidAmount, unavailable, keyExpired, keyInProgress, keyMismatch } =
  WALLET_FAILURES;
const { overloaded, rateLimited, timeout, payloadTooLarge, unsupportedMediaType } = COMMON_FAILURES;

const failures = failureResponses(PROBLEM_FAILURE);

/** Failures of every route that reads. */
const READ_FAILURES = [unreadable, invalidField, overloaded, rateLimited, unavailable, timeout];
/** For routes that take an idempotency key, which is validated after everything else. */
const unreadableOrKey: FailureDeclaration = {
  ...unreadable,
  when: `${unreadable.when}, or the Idempotency-Key is invalid`,
};
/** Further failures of a request with an idempotency key. */
const KEY_FAILURES = [keyExpired, keyInProgress];

export const readFailures = (...routeFailures: readonly FailureDeclaration[]) =>
  failures(...READ_FAILURES, ...routeFailures);

/** Failures of a POST without fields. */
export const createFailures = (...routeFailures: readonly FailureDeclaration[]) =>
  failures(
    ...[unreadableOrKey, overloaded, rateLimited, unavailable, timeout, payloadTooLarge, unsupportedMediaType],
    ...routeFailures,
    ...KEY_FAILURES,
  );

/** Failures of a POST whose body has an amount. */
export const moveFailures = (...routeFailures: readonly FailureDeclaration[]) =>
  failures(
    unreadableOrKey,
    invalidField,
    overloaded,
    rateLimited,
    unavailable,
    timeout,
    payloadTooLarge,
    unsupportedMediaType,
    invalidAmount,
    ...routeFailures,
    ...KEY_FAILURES,
    keyMismatch,
  );
