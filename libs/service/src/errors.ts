/**
 * The kind of a failure decides how each edge handles it (HTTP status, gRPC status, a consumer's next step). Each edge has one
 * mapping: `libs/http`, `libs/grpc`, `libs/messaging`.
 */
export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'rejected'
  | 'unavailable'
  | 'timeout'
  | 'overloaded'
  | 'bug';

/** Kinds after which the same request may succeed unchanged, because the caller has received no decision about it. */
const RETRYABLE_KINDS: ReadonlySet<ErrorKind> = new Set<ErrorKind>([
  'conflict',
  'unavailable',
  'timeout',
  'overloaded',
]);

/**
 * The only error class that crosses a boundary. A business refusal that the caller is expected to handle is a return value,
 * not an `AppError`.
 */
export class AppError extends Error {
  override readonly name = 'AppError';

  constructor(
    readonly kind: ErrorKind,
    /** Stable, SCREAMING_SNAKE; part of the contract. */
    readonly code: string,
    /** For people; discloses no internals. */
    message: string,
    readonly options: { details?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
  }

  get details(): Record<string, unknown> {
    return this.options.details ?? {};
  }

  get retryable(): boolean {
    return RETRYABLE_KINDS.has(this.kind);
  }
}

/**
 * The error for a dependency that doesn't respond; nothing was done.
 * @param dependency its name in the message
 */
export function unavailable(dependency: string, cause?: unknown): AppError {
  return new AppError('unavailable', 'UNAVAILABLE', `${dependency} is not available; nothing was done, try again`, {
    cause,
  });
}

/** Converts anything thrown to an `AppError`. An unforeseen error becomes a `bug`, with the original in `cause` for the log. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  return new AppError('bug', 'INTERNAL', 'Something went wrong on our side', { cause: thrown });
}
