/** An unsuccessful answer that the contract declares. Each route declares its codes, and further fields for each code. */
export interface Failure<Code extends string = string> {
  status: 'failed';
  /** Human-readable description of the failure */
  error: string;
  /** Machine-readable code of the failure; stable */
  code: Code;
}

/** The properties of an answer other than its body. */
export interface AnswerFacts {
  /** HTTP status */
  status: number;
  /** The number of requests sent until it arrived. */
  attempts: number;
  /** The key that was sent; repeating the call with it has no second effect. */
  idempotencyKey?: string;
  /** Whether this is the answer to an earlier request with the same key. */
  isReplayed: boolean;
  /** The part of `Prefer` that was honoured. */
  preferenceApplied?: string;
  /** The version of the resource, for `ifMatch`. */
  etag?: string;
}

/** The result of a call. A failure that the contract declares is a value, distinguished by its `code`. */
export type Result<Body, RouteFailure extends Failure> = AnswerFacts &
  ({ ok: true; body: Body } | { ok: false; failure: RouteFailure });

/** A failure that is thrown: by `unwrap`, or by the events of an order, which have no result. */
export class FailureError<RouteFailure extends Failure = Failure> extends Error {
  override readonly name = 'FailureError';

  constructor(
    readonly failure: RouteFailure,
    readonly facts: AnswerFacts,
  ) {
    super(`${failure.code}: ${failure.error}`);
  }
}

/**
 * No attempt got an answer, so the outcome of a change is unknown: call again with the same key. The message names the likely
 * cause.
 */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';

  constructor(
    readonly attempts: number,
    readonly idempotencyKey: string | undefined,
    cause: unknown,
    likelyCause?: string,
  ) {
    const count = `${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`;
    super(`no answer after ${count}${likelyCause === undefined ? '' : `: ${likelyCause}`}`, { cause });
  }
}

/** An answer that the contract doesn't declare: it comes from a proxy or another service, or is caused by a bug. */
export class UnexpectedAnswerError extends Error {
  override readonly name = 'UnexpectedAnswerError';

  constructor(
    readonly facts: AnswerFacts,
    /** The body of the answer, as text. */
    readonly text: string,
  ) {
    super(`unexpected answer with status ${facts.status}: ${text.slice(0, 200)}`);
  }
}

/** @returns the body @throws FailureError if the result is a failure */
export function unwrap<Body, RouteFailure extends Failure>(result: Result<Body, RouteFailure>): Body {
  if (result.ok) return result.body;
  const { failure, ok: _, ...facts } = result;
  throw new FailureError(failure, facts);
}
