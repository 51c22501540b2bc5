import { COMMON_FAILURES, invalidFields } from '../declaration/common-failures';
import { failureResponses, PROBLEM_FAILURE, type FailureDeclaration } from '../declaration/failure-declaration';

const { overloaded, rateLimited, payloadTooLarge, unsupportedMediaType } = COMMON_FAILURES;

/** Every refusal of the notification and webhook routes, with its status and its message. */
export const NOTIFICATION_FAILURES = {
  webhookNotFound: { status: 404, code: 'WEBHOOK_NOT_FOUND', message: 'The account has no webhook' },
  deliveryNotFound: { status: 404, code: 'DELIVERY_NOT_FOUND', message: 'Delivery not found' },
  privateAddress: {
    status: 422,
    code: 'PRIVATE_ADDRESS',
    when: 'the host is a private address, and private addresses are not allowed',
    message: 'url must not name a private address',
    details: { fields: invalidFields({ field: 'url', message: 'must not name a private address' }) },
  },
  invalidField: {
    status: 422,
    code: 'INVALID_REQUEST',
    when: 'a field or a parameter is invalid',
    message: 'limit must be from 1 to 500',
    details: { fields: invalidFields({ field: 'limit', message: 'must be from 1 to 500' }) },
  },
  unreadable: {
    ...COMMON_FAILURES.invalidRequest,
    when: 'the request is malformed or has an unknown query parameter',
    message: 'The query is not percent-encoded UTF-8',
    details: { fields: invalidFields({ field: 'id', message: 'must not contain NUL' }) },
  },
  unavailable: {
    ...COMMON_FAILURES.unavailable,
    message: 'The database is not available; nothing was done, try again',
  },
  timeout: {
    ...COMMON_FAILURES.timeout,
    when: 'the outcome is unknown; try again',
    message: 'The database did not confirm; the outcome is unknown',
  },
} as const satisfies Record<string, FailureDeclaration>;

const { unreadable, invalidField, unavailable, timeout } = NOTIFICATION_FAILURES;
const timeoutOfPost: FailureDeclaration = { ...timeout, when: COMMON_FAILURES.timeout.when };
const failures = failureResponses(PROBLEM_FAILURE);
const EVERYWHERE = [unreadable, invalidField, overloaded, rateLimited, unavailable, timeout];

/** Failures of a route without a body. */
export const readFailures = (...routeFailures: readonly FailureDeclaration[]) =>
  failures(...EVERYWHERE, ...routeFailures);

/** For routes that take an idempotency key, which is validated after everything else. */
const unreadableOrKey: FailureDeclaration = {
  ...unreadable,
  when: `${unreadable.when}, or the Idempotency-Key is invalid`,
};

/** Failures of a POST without fields. */
export const postFailures = (...routeFailures: readonly FailureDeclaration[]) =>
  failures(
    ...[unreadableOrKey, invalidField, overloaded, rateLimited, unavailable, timeoutOfPost],
    ...[payloadTooLarge, unsupportedMediaType],
    ...routeFailures,
  );

/** Failures of a route with a body. */
export const bodyFailures = (...routeFailures: readonly FailureDeclaration[]) =>
  readFailures(payloadTooLarge, unsupportedMediaType, ...routeFailures);
