import { problemFailures, type Failure, type FailureFormat } from './failure';

/**
 * The answer to a request, which a handler returns in case of success or failure. `send` writes it to Node.js's response.
 */
export interface Answer {
  status: number;
  /** Serialized as JSON; a `JsonText` is sent as is. */
  body: unknown;
  headers?: Record<string, string> | undefined;
  /** JSON by default. */
  contentType?: string;
}

/** The answer that reports a failure in the format of the service's contract. */
export const failureAnswer = (
  format: FailureFormat,
  { status, code, message }: Pick<Failure, 'status' | 'code' | 'message'>,
  { details, headers }: { details?: Record<string, unknown>; headers?: Record<string, string> } = {},
): Answer => ({
  status,
  body: format.body({ status, code, message, ...(details ? { details } : {}) }),
  headers,
  contentType: format.contentType,
});

/** The problem details that report one invalid field. @param message follows the name of the field */
export function invalidFieldAnswer(failure: Pick<Failure, 'status' | 'code'>, field: string, message: string): Answer {
  const { status, code } = failure;
  const details = { fields: [{ field, message }] };
  return failureAnswer(problemFailures, { status, code, message: `${field} ${message}` }, { details });
}

/** The problem details that report an `after` that isn't the `next` of a page. */
export const invalidCursorAnswer = (failure: Pick<Failure, 'status' | 'code'>): Answer =>
  invalidFieldAnswer(failure, 'after', 'must be the `next` of the page before');

/** The outcome of a use case: success, or the code of a refusal, which is a failure that the business rules require. */
type Result<Code extends string> = { ok: true; isReplay?: boolean } | { ok: false; code: Code; isReplay?: boolean };

/**
 * @param refusals the contract's failure for each code
 * @returns a function that turns a result into an answer: its body on success, otherwise its refusal. A replay has the header
 *   `Idempotency-Replayed`
 */
export const answerBy =
  <Code extends string>(refusals: Readonly<Record<Code, Pick<Failure, 'status' | 'code' | 'message'>>>) =>
  <ActualResult extends Result<Code>>(
    result: ActualResult,
    present: (success: Extract<ActualResult, { ok: true }>) => unknown,
    status = 200,
  ): Answer => {
    const headers: Record<string, string> = result.isReplay ? { 'Idempotency-Replayed': 'true' } : {};
    if (!result.ok) return failureAnswer(problemFailures, refusals[result.code], { headers });
    return { status, body: present(result as Extract<ActualResult, { ok: true }>), headers };
  };
