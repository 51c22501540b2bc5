import type { FaultKind } from '@souk/contracts';
import { failures, type Failure } from '../response/failure';

/** One fault of one field. */
export interface FieldFault {
  field: string;
  message: string;
  kind: FaultKind;
}

/**
 * Combines all faults of a request into one failure. It has the faults' code if they all share one, otherwise `INVALID_REQUEST`.
 * @param status for a readable request; an unreadable one always gets 400
 */
export function fieldFailure(faults: readonly FieldFault[], status: 400 | 422): Failure {
  const message = faults.map(describe).join('; ');
  const fields = faults.map((fault) => ({ field: fault.field, message: fault.message }));
  const failure = failures.invalid(message, { fields });
  if (faults.some(({ kind }) => kind.isUnreadable)) return failure;
  const codes = new Set(faults.map(({ kind }) => kind.code ?? failure.code));
  return { ...failure, status, code: codes.size === 1 ? [...codes][0]! : failure.code };
}

const describe = ({ field, message, kind }: FieldFault) => (kind.isSentence ? message : `${field} ${message}`);
