import { z } from 'zod';
import { integerParameter } from './fields';

/** Maximum number of items on a page. */
export const limit = integerParameter(1, 500, 50, 'Maximum number of items per page');

/** The query parameter with the start of a page. */
export const after = z
  .string('must be given once')
  .min(1, 'must not be empty')
  .max(400, 'must have at most 400 characters')
  .optional()
  .meta({ description: '`next` of the previous page' });

/** The field with the start of the next page. */
export const next = z.string().nullable().meta({ description: '`after` for the next page; null on the last page' });

/*
 * In a list that is ordered by a sequence, newest first, the cursor is the sequence of the last item on a page. So items that are
 * added in the meantime don't shift later pages.
 */

/** A positive integer of at most 15 digits, which JavaScript represents exactly. */
const SEQUENCE_CURSOR = /^[1-9]\d{0,14}$/;

/** @returns the exclusive upper bound of the sequences on the page, or `undefined` if `after` isn't a cursor */
export function pageStart(after: string | undefined): number | undefined {
  if (after === undefined) return Number.MAX_SAFE_INTEGER;
  return SEQUENCE_CURSOR.test(after) ? Number(after) : undefined;
}

/** @returns the `after` of the page that follows the item with this sequence */
export const cursorAfter = (sequence: number): string => String(sequence);

/**
 * @param found the items below `pageStart`, newest first; one beyond the limit means that there is another page
 * @returns the items of the page and the `after` of the next page, `null` on the last page
 */
export function pageOf<Item extends { sequence: number }>(
  found: readonly Item[],
  limit: number,
): { items: Item[]; next: string | null } {
  const items = found.slice(0, limit);
  return { items, next: found.length > limit ? cursorAfter(items.at(-1)!.sequence) : null };
}
