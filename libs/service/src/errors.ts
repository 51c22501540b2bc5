/**
 * What kind of failure this is decides what every edge does with it (HTTP status, gRPC status, a consumer's next step);
 * the mapping stands in one table per edge: `libs/http`, `libs/grpc`, `libs/messaging`.
 */
export type ErrorKind =
  'invalid' | 'not_found' | 'conflict' | 'rejected' | 'unavailable' | 'timeout' | 'overloaded' | 'bug';

/** Kinds after which the same request may succeed unchanged: nothing was decided about it. */
const RETRYABLE_KINDS: ReadonlySet<ErrorKind> = new Set<ErrorKind>([
  'conflict',
  'unavailable',
  'timeout',
  'overloaded',
]);

/**
 * The one error class that crosses a boundary. A business refusal that a caller is expected to handle is a returned
 * value, not an `AppError`.
 */
export class AppError extends Error {
  override readonly name = 'AppError';

  constructor(
    readonly kind: ErrorKind,
    /** Stable, SCREAMING_SNAKE; part of the contract. */
    readonly code: string,
    /** For people; tells nothing of the inside. */
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

/** An engine or a service this one needs does not answer; surely nothing was done. */
export function unavailable(what: string, cause?: unknown): AppError {
  return new AppError('unavailable', 'UNAVAILABLE', `${what} is not available; nothing was done, try again`, { cause });
}

/** Whatever was thrown, as an `AppError`; the unforeseen is a `bug` and its inside stays in `cause`, for the log. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  return new AppError('bug', 'INTERNAL', 'Something went wrong on our side', { cause: thrown });
}
