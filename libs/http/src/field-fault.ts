import type { FaultKind } from '@souk/contracts';
import { failures, type Failure } from './failure';

/** One fault of one field. */
export interface FieldFault {
  field: string;
  message: string;
  kind: FaultKind;
}

/**
 * What is answered to all faults of a request together. It has a code of its own where every fault has the same.
 * @param status of a request that can be read; one that can't be is 400 everywhere
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
