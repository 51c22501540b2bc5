import { invalid, requireId, requireText } from '@souk/grpc';
import type { Item } from './lane/inventory-state';

/** Maximum number of items in all reservations of a call. */
export const CALL_ITEMS_MAX = 20_000;
const QUANTITY_MAX = 2 ** 31 - 1;
const NAME_LENGTH_MAX = 200;

/** @throws AppError `invalid` */
export function requireInteger(field: string, value: number, min: number, max: number): number {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw invalid(field, `must be an integer from ${min} to ${max}`);
  }
  return value;
}

/** Requires a name that isn't blank. @throws AppError `invalid` */
export function requireName(field: string, value: string): string {
  if (value.trim().length === 0) throw invalid(field, 'must not be empty');
  return requireText(field, value, NAME_LENGTH_MAX);
}

/**
 * The items of a reservation, sorted by product; the quantities of a repeated product are summed.
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
