import { idError } from '@souk/contracts';
import { AppError } from '@souk/service';

/** Maximum number of list entries in one call. */
export const CALL_ENTRIES_MAX = 1_000;
const ACTOR_LENGTH_MAX = 255;

/** The error that refuses a whole call. It names the field but doesn't repeat its value. */
export function invalid(field: string, problem: string): AppError {
  return new AppError('invalid', 'INVALID_REQUEST', `${field} ${problem}`, { details: { field } });
}

/** @throws AppError `invalid` */
export function requireId(field: string, value: string): string {
  const problem = idError(value);
  if (problem) throw invalid(field, problem);
  return value;
}

/** @throws AppError `invalid` */
export function requireIds(field: string, values: readonly string[]): readonly string[] {
  requireCount(field, values.length, CALL_ENTRIES_MAX);
  values.forEach((value, index) => requireId(`${field}[${index}]`, value));
  return values;
}

/** @throws AppError `invalid` */
export function requireCount(field: string, count: number, max: number): void {
  if (count > max) throw invalid(field, `must have at most ${max} entries`);
}

/** Checks the name of the caller, which may be empty. @throws AppError `invalid` */
export function requireActor(value: string): string {
  return requireText('actor', value, ACTOR_LENGTH_MAX);
}

const SURROGATE = /\p{Surrogate}/u;

/** Checks that a text, which may be empty, is well-formed and not too long. @throws AppError `invalid` */
export function requireText(field: string, value: string, lengthMax: number): string {
  if (SURROGATE.test(value) || value.includes('\0')) throw invalid(field, 'is not well-formed text');
  if (value.length > lengthMax && [...value].length > lengthMax)
    throw invalid(field, `must have at most ${lengthMax} characters`);
  return value;
}
