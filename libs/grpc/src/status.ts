import { Metadata, status, type ServiceError, type StatusObject } from '@grpc/grpc-js';
import { AppError, toAppError, type ErrorKind } from '@souk/service';
import { isTooLarge } from './message-size';

/** The status that a server returns for each kind of failure. */
const STATUS_OF_KIND: Record<ErrorKind, status> = {
  invalid: status.INVALID_ARGUMENT,
  unauthenticated: status.UNAUTHENTICATED,
  forbidden: status.PERMISSION_DENIED,
  not_found: status.NOT_FOUND,
  conflict: status.ABORTED,
  rejected: status.FAILED_PRECONDITION,
  unavailable: status.UNAVAILABLE,
  timeout: status.DEADLINE_EXCEEDED,
  overloaded: status.RESOURCE_EXHAUSTED,
  bug: status.INTERNAL,
};

/** How a caller interprets each status; any other is a `bug`. */
const KIND_OF_STATUS: Partial<Record<status, { kind: ErrorKind; code: string; message: string }>> = {
  [status.INVALID_ARGUMENT]: { kind: 'invalid', code: 'INVALID_REQUEST', message: 'refused the request as invalid' },
  [status.NOT_FOUND]: { kind: 'not_found', code: 'NOT_FOUND', message: 'found no such item' },
  [status.ABORTED]: { kind: 'conflict', code: 'CONFLICT', message: 'had a conflicting change; try again' },
  [status.FAILED_PRECONDITION]: { kind: 'rejected', code: 'REJECTED', message: 'refused the request' },
  [status.UNAVAILABLE]: { kind: 'unavailable', code: 'UNAVAILABLE', message: 'is not available; try again' },
  [status.DEADLINE_EXCEEDED]: {
    kind: 'timeout',
    code: 'TIMEOUT',
    message: 'did not answer in time; the outcome is unknown',
  },
  // Cut off in flight, by us or by a server that stopped: the call may have run.
  [status.CANCELLED]: { kind: 'timeout', code: 'TIMEOUT', message: 'did not finish the call; the outcome is unknown' },
  // An operator has to change GRPC_TOKEN; until then, nothing is done.
  [status.UNAUTHENTICATED]: {
    kind: 'unavailable',
    code: 'UNAVAILABLE',
    message: 'does not accept the credentials of this service',
  },
  // From an older replica during an upgrade.
  [status.UNIMPLEMENTED]: {
    kind: 'unavailable',
    code: 'UNAVAILABLE',
    message: 'does not support this call yet; try again',
  },
  [status.RESOURCE_EXHAUSTED]: {
    kind: 'overloaded',
    code: 'OVERLOADED',
    message: 'is overloaded; try again shortly',
  },
};

const CODE_KEY = 'code';
/** JSON in ASCII, because metadata can't carry anything else. */
const DETAILS_KEY = 'details';

export type FailedStatus = Pick<StatusObject, 'code' | 'details' | 'metadata'>;

/** Server side: converts a thrown error to the status of the response. Discloses no internals of a `bug`. */
export function toStatus(thrown: unknown): FailedStatus {
  const error = toAppError(thrown);
  const metadata = new Metadata();
  metadata.set(CODE_KEY, error.code);
  if (Object.keys(error.details).length > 0) metadata.set(DETAILS_KEY, toAsciiJson(error.details));
  // The message travels URI-encoded, which a lone surrogate would break.
  return { code: STATUS_OF_KIND[error.kind], details: error.message.replace(/\p{Surrogate}/gu, '\uFFFD'), metadata };
}

/** A failed status as an answer on a stream of calls carries it (proto/calls/v1). */
export interface AnsweredFailure {
  status: number;
  message: string;
  /** Empty unless a Souk server set it. */
  code: string;
  /** JSON, or empty. */
  details: string;
}

/** Server side: converts the status of a response to the fields of an answer. */
export const toAnsweredFailure = ({ code, details, metadata }: FailedStatus): AnsweredFailure => ({
  status: code,
  message: details,
  code: textOf(metadata, CODE_KEY) ?? '',
  details: textOf(metadata, DETAILS_KEY) ?? '',
});

/** Caller side: converts the fields of an answer to the error of a unary call. */
export function toServiceError({ status: code, message, code: name, details }: AnsweredFailure): ServiceError {
  const metadata = new Metadata();
  if (name) metadata.set(CODE_KEY, name);
  if (details) metadata.set(DETAILS_KEY, details);
  return Object.assign(new Error(message), { code, details: message, metadata });
}

/**
 * Caller side: converts the status of a failed call to an `AppError`.
 *
 * `unavailable` means that nothing was done: the server said so, or no connection was established. If the connection broke during the
 * call, the error is a `timeout`: the outcome is unknown. If the client library has retried a broken call, `unavailable` means
 * only that the last attempt did nothing.
 * @param service its name in messages, such as `the inventory`
 */
export function fromStatus(error: ServiceError, service: string): AppError {
  const code = metadataText(error, CODE_KEY);
  const failure = KIND_OF_STATUS[code === undefined ? statusOfTransport(error) : error.code];
  if (!failure) return new AppError('bug', 'INTERNAL', 'Something went wrong on our side', { cause: error });
  const message = code === undefined ? `${service} ${failure.message}` : error.details;
  return new AppError(failure.kind, code ?? failure.code, message, { details: detailsOf(error), cause: error });
}

/**
 * Caller side: the error of a repeated call whose first attempt may have run. `unavailable` and `overloaded` become `timeout`,
 * because they would say that nothing was done.
 */
export function asUnknownOutcome(error: unknown, service: string): unknown {
  if (!(error instanceof AppError) || !['unavailable', 'overloaded'].includes(error.kind)) return error;
  const { kind, code, message } = KIND_OF_STATUS[status.CANCELLED]!;
  return new AppError(kind, code, `${service} ${message}`, { cause: error });
}

/** The client library's messages if it had no connection to send the request on. */
const NEVER_SENT = /No connection established|Name resolution failed|Channel closed before call started/;

/** Caller side: whether a call failed before any method ran. */
export const wasNeverSent = ({ code, details }: ServiceError): boolean =>
  code === status.UNIMPLEMENTED ||
  code === status.UNAUTHENTICATED ||
  (code === status.UNAVAILABLE && NEVER_SENT.test(details));

/** Interprets a status that no Souk server sent (Souk servers always name a code). */
function statusOfTransport(error: ServiceError): status {
  const { code, details } = error;
  const isBroken =
    (code === status.UNAVAILABLE && !wasNeverSent(error)) ||
    (code === status.INTERNAL && details.startsWith('Received RST_STREAM'));
  if (isBroken) return status.CANCELLED;
  // A retry would fail too, because the message would be just as large.
  if (code === status.RESOURCE_EXHAUSTED && isTooLarge(details)) return status.INVALID_ARGUMENT;
  return code;
}

function textOf(metadata: Metadata | undefined, key: string): string | undefined {
  const value = metadata?.get(key)[0];
  return typeof value === 'string' ? value : undefined;
}

// Errors that the client library itself throws have no metadata, although their type says that they do.
const metadataText = (error: ServiceError, key: string) => textOf(error.metadata, key);

function detailsOf(error: ServiceError): Record<string, unknown> {
  try {
    const details: unknown = JSON.parse(metadataText(error, DETAILS_KEY) ?? '{}');
    return typeof details === 'object' && details !== null ? (details as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function toAsciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[^ -~]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
