import type { FieldErrorKind } from '@souk/contracts';
import { failures, type Failure } from '../response/failure';

/** An error in one field. */
export interface FieldError {
  field: string;
  message: string;
  kind: FieldErrorKind;
}

/**
 * Combines all errors of a request into one failure. Its code is that of the errors if they all share one, otherwise
 * `INVALID_REQUEST`.
 * @param status for a readable request; an unreadable one always gets 400
 */
export function fieldFailure(errors: readonly FieldError[], status: 400 | 422): Failure {
  const message = errors.map(describe).join('; ');
  const fields = errors.map((error) => ({ field: error.field, message: error.message }));
  const failure = failures.invalid(message, { fields });
  if (errors.some(({ kind }) => kind.isUnreadable)) return failure;
  const codes = new Set(errors.map(({ kind }) => kind.code ?? failure.code));
  return { ...failure, status, code: codes.size === 1 ? [...codes][0]! : failure.code };
}

const describe = ({ field, message, kind }: FieldError) => (kind.isSentence ? message : `${field} ${message}`);
