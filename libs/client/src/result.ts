/** What every failure says; each route tells which codes it has, and what comes with them. */
export interface Failure<Code extends string = string> {
  status: 'failed';
  /** What went wrong, for people */
  error: string;
  /** What went wrong, for programs; stable */
  code: Code;
}

/** How an answer was come by. */
export interface AnswerFacts {
  /** HTTP status */
  status: number;
  /** Requests that were sent for it. */
  attempts: number;
  /** The key that was sent; asking with it again has no second effect. */
  idempotencyKey?: string;
  /** This answers an earlier request with the same key. */
  isReplayed: boolean;
  /** The part of `Prefer` that was honoured. */
  preferenceApplied?: string;
  /** The version of the resource, for `ifMatch`. */
  etag?: string;
}

/** A failure that the contract names is a value, told apart by its `code`. */
export type Result<Body, Refusal extends Failure> = AnswerFacts &
  ({ ok: true; body: Body } | { ok: false; failure: Refusal });

/** A failure that was made an exception: by `unwrap`, or because there is no result to put it into. */
export class FailureError<Refusal extends Failure = Failure> extends Error {
  override readonly name = 'FailureError';

  constructor(
    readonly failure: Refusal,
    readonly facts: AnswerFacts,
  ) {
    super(`${failure.code}: ${failure.error}`);
  }
}

/** No attempt got an answer. The outcome of a change is unknown: call again with the same key. The message names the likely cause. */
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

/** An answer that the contract does not have: that of a proxy, of another service, or of a bug. */
export class UnexpectedAnswerError extends Error {
  override readonly name = 'UnexpectedAnswerError';

  constructor(
    readonly facts: AnswerFacts,
    /** What came, as text. */
    readonly text: string,
  ) {
    super(`unexpected answer with status ${facts.status}: ${text.slice(0, 200)}`);
  }
}

/** @returns the body @throws FailureError with the failure, where it is one */
export function unwrap<Body, Refusal extends Failure>(result: Result<Body, Refusal>): Body {
  if (result.ok) return result.body;
  const { failure, ok: _, ...facts } = result;
  throw new FailureError(failure, facts);
}
