import { z } from 'zod';
import type { FailureDeclaration } from './failure-declaration';

/** The detail that lists every invalid field. */
export const invalidFields = (example: { field: string; message: string }) =>
  z
    .array(z.object({ field: z.string(), message: z.string() }))
    .optional()
    .meta({ description: 'Every invalid field', example: [example] });

/** Failures that mean the same in every service. */
export const COMMON_FAILURES = {
  invalidRequest: {
    status: 400,
    code: 'INVALID_REQUEST',
    when: 'the body, a parameter or the key is invalid, or a query parameter is unknown',
    message: 'quantity must be at least 1',
    details: { fields: invalidFields({ field: 'quantity', message: 'must be at least 1' }) },
  },
  payloadTooLarge: {
    status: 413,
    code: 'PAYLOAD_TOO_LARGE',
    when: 'the body is over 64 KiB',
    message: 'The body must have at most 65536 bytes',
  },
  unsupportedMediaType: {
    status: 415,
    code: 'UNSUPPORTED_MEDIA_TYPE',
    when: 'the content type is not JSON',
    message: 'The Content-Type must be application/json in UTF-8',
  },
  overloaded: {
    status: 429,
    code: 'OVERLOADED',
    when: 'too many requests are in flight; nothing was done',
    message: 'Too many requests in flight; nothing was done, try again shortly',
    headers: ['Retry-After'],
  },
  rateLimited: {
    status: 429,
    code: 'RATE_LIMITED',
    when: 'the caller has exceeded its rate limit; nothing was done',
    message: 'Rate limit exceeded: at most 6000 cart requests per 60 s; nothing was done, try again in 12 s',
    headers: ['Retry-After', 'RateLimit', 'RateLimit-Policy'],
  },
  unavailable: {
    status: 503,
    code: 'UNAVAILABLE',
    when: 'an engine is down; it is certain that nothing was done',
    message: 'The broker does not answer',
    headers: ['Retry-After'],
  },
  timeout: {
    status: 504,
    code: 'TIMEOUT',
    when: 'the outcome is unknown; retry with the same Idempotency-Key',
    message: 'No answer in time; try again',
  },
  keyInProgress: {
    status: 409,
    code: 'IDEMPOTENCY_IN_PROGRESS',
    when: 'the first request with this key is still in progress',
    message: 'The first request with this Idempotency-Key is not done yet; try again shortly',
    headers: ['Retry-After'],
  },
  keyMismatch: {
    status: 422,
    code: 'IDEMPOTENCY_MISMATCH',
    when: 'the key was used with a different body',
    message: 'This Idempotency-Key was used with another body',
  },
  keyExpired: {
    status: 409,
    code: 'IDEMPOTENCY_EXPIRED',
    when: 'the key was used, but its answer is no longer kept; nothing was done',
    message: 'This Idempotency-Key was used, and its answer is no longer kept; nothing was done',
  },
} as const satisfies Record<string, FailureDeclaration>;
