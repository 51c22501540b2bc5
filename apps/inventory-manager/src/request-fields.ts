import { idFault } from '@souk/contracts';
import { AppError } from '@souk/service';
import type { Item } from './lane/inventory-state';

/** Reservations or ids in one call. */
export const CALL_ENTRIES_MAX = 1_000;
/** Items of all reservations of one call. */
export const CALL_ITEMS_MAX = 20_000;
export const QUANTITY_MAX = 2 ** 31 - 1;
const ACTOR_LENGTH_MAX = 255;
const NAME_LENGTH_MAX = 200;

/** The whole call is refused, naming the field; its value is not repeated. */
export function invalid(field: string, fault: string): AppError {
  return new AppError('invalid', 'INVALID_REQUEST', `${field} ${fault}`, { details: { field } });
}

/** @throws AppError `invalid` */
export function requireId(field: string, value: string): string {
  const fault = idFault(value);
  if (fault) throw invalid(field, fault);
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

/** @throws AppError `invalid` */
export function requireInteger(field: string, value: number, min: number, max: number): number {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw invalid(field, `must be an integer from ${min} to ${max}`);
  }
  return value;
}

/** Text for people. @throws AppError `invalid` */
export function requireName(field: string, value: string): string {
  if (value.trim().length === 0) throw invalid(field, 'must not be empty');
  return requireText(field, value, NAME_LENGTH_MAX);
}

/** Who asks; may be empty. @throws AppError `invalid` */
export function requireActor(value: string): string {
  return requireText('actor', value, ACTOR_LENGTH_MAX);
}

function requireText(field: string, value: string, lengthMax: number): string {
  if (/\p{Surrogate}/u.test(value) || value.includes('\0')) throw invalid(field, 'is not well-formed text');
  if ([...value].length > lengthMax) throw invalid(field, `must have at most ${lengthMax} characters`);
  return value;
}

/**
 * The items of a reservation, each product once and sorted: the same product twice is summed.
 * @throws AppError `invalid`
 */
export function requireItems(field: string, items: readonly Item[]): Item[] {
  if (items.length === 0) throw invalid(field, 'must not be empty');
  const sums = new Map<string, number>();
  items.forEach(({ productId, quantity }, index) => {
    requireId(`${field}[${index}].product_id`, productId);
    requireInteger(`${field}[${index}].quantity`, quantity, 1, QUANTITY_MAX);
    sums.set(productId, (sums.get(productId) ?? 0) + quantity);
  });
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([productId, quantity]) => ({ productId, quantity }));
}
