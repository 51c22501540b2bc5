import type { Answer } from './exchange';
import { problemFailures, type Failure, type FailureFormat } from './failure';

/** Turns a refusal into an answer, in the format of the service's contract. */
export const refusal = (
  format: FailureFormat,
  { status, code, message }: Pick<Failure, 'status' | 'code' | 'message'>,
  { details, headers }: { details?: Record<string, unknown>; headers?: Record<string, string> } = {},
): Answer => ({
  status,
  body: format.body({ status, code, message, ...(details ? { details } : {}) }),
  headers,
  contentType: format.contentType,
});

/** The problem for a well-formed field that is refused for another reason. @param message follows the name of the field */
export function refusedField(failure: Pick<Failure, 'status' | 'code'>, field: string, message: string): Answer {
  const { status, code } = failure;
  const details = { fields: [{ field, message }] };
  return refusal(problemFailures, { status, code, message: `${field} ${message}` }, { details });
}

/** The problem for a cursor that didn't come from a page. */
export const refusedCursor = (failure: Pick<Failure, 'status' | 'code'>): Answer =>
  refusedField(failure, 'after', 'must be the `next` of the page before');
