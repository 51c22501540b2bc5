import { toAppError, type ErrorKind } from '@souk/service';
import { STATUS_CODES } from 'node:http';

/** A failure: an unsuccessful answer, not yet in the format of the service's contract. */
export interface Failure {
  status: number;
  /** Stable, SCREAMING_SNAKE */
  code: string;
  /** Human-readable; reveals no internals. */
  message: string;
  details?: Record<string, unknown>;
  headers?: Record<string, string>;
}

/** The format of failures in a service's contract. */
export interface FailureFormat {
  contentType: string;
  /** Status for a well-formed request with an invalid field. */
  fieldErrorStatus: 400 | 422;
  body(failure: Failure): Record<string, unknown>;
}

/** `{status: "failed", error, code, …details}` */
export const statusFailures: FailureFormat = {
  contentType: 'application/json; charset=utf-8',
  fieldErrorStatus: 400,
  body: ({ code, message, details }) => ({ status: 'failed', error: message, code, ...details }),
};

/** `{type, title, status, detail, code, …details}`: problem details. `details` can't override these members. Source: RFC 9457. */
export const problemFailures: FailureFormat = {
  contentType: 'application/problem+json',
  fieldErrorStatus: 422,
  body: ({ status, code, message, details }) => {
    const title = STATUS_CODES[status] ?? 'Unknown';
    const problem = { type: 'about:blank', title, status, detail: message, code };
    return { ...problem, ...details, ...problem };
  },
};

/** The HTTP status of each kind of failure. `invalid` means an unreadable request; an invalid field has its own status. */
const STATUS_OF_KIND: Record<ErrorKind, number> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  rejected: 409,
  overloaded: 429,
  bug: 500,
  unavailable: 503,
  timeout: 504,
};

const HEADERS_OF_KIND: Partial<Record<ErrorKind, Record<string, string>>> = {
  // Source: RFC 9110, 11.6.1.
  unauthenticated: { 'WWW-Authenticate': 'Bearer realm="souk"' },
  overloaded: { 'Retry-After': '1' },
  unavailable: { 'Retry-After': '1' },
};

/** Converts anything a handler throws into a failure, without the internals of a bug. */
export function toFailure(thrown: unknown): Failure {
  if (thrown instanceof HttpFailure) return thrown.failure;
  const { kind, code, message, details } = toAppError(thrown);
  const headers = HEADERS_OF_KIND[kind];
  return {
    status: STATUS_OF_KIND[kind],
    code,
    message,
    ...(kind === 'bug' ? {} : { details }),
    ...(headers && { headers }),
  };
}

/** A failure that exists only in HTTP. */
export class HttpFailure extends Error {
  override readonly name = 'HttpFailure';

  constructor(readonly failure: Failure) {
    super(failure.message);
  }
}

const invalid = (message: string, details?: Record<string, unknown>): Failure => ({
  status: 400,
  code: 'INVALID_REQUEST',
  message,
  ...(details ? { details } : {}),
});

/** Failures that every service has. */
export const failures = {
  invalid,
  notFound: (): Failure => ({ status: 404, code: 'NOT_FOUND', message: 'There is nothing at this path' }),
  methodNotAllowed: (allow: string): Failure => ({
    status: 405,
    code: 'METHOD_NOT_ALLOWED',
    message: `This path supports ${allow}`,
    headers: { Allow: allow },
  }),
  payloadTooLarge: (bytesMax: number): Failure => ({
    status: 413,
    code: 'PAYLOAD_TOO_LARGE',
    message: `The body must have at most ${bytesMax} bytes`,
  }),
  unsupportedMediaType: (message: string): Failure => ({ status: 415, code: 'UNSUPPORTED_MEDIA_TYPE', message }),
  expectationFailed: (): Failure => ({
    status: 417,
    code: 'EXPECTATION_FAILED',
    message: 'The only supported expectation is 100-continue',
  }),
  overloaded: (): Failure => ({
    status: 429,
    code: 'OVERLOADED',
    message: 'Too many requests in flight; nothing was done, try again shortly',
    headers: { 'Retry-After': '1' },
  }),
};
