import { NOTIFICATION_FAILURES } from '@souk/contracts';
import { refusedCursor, type Answer } from '@souk/http';

interface PageQuery {
  /** The `next` of the previous page. */
  after?: string | undefined;
  limit: number;
}

/** Bounds of a list of items: those of an account before a sequence. */
export interface PageBounds {
  accountId: string;
  before: number;
  limit: number;
}

/** A cursor is the sequence of the last item on its page. */
const CURSOR = /^[1-9]\d{0,14}$/;

/**
 * Answers with a page of an account's items, newest first. Items added in the meantime don't shift later pages.
 * @param list returns the items within the bounds, newest first
 */
export async function answerPage<Item extends { sequence: number }>(
  accountId: string,
  { after, limit }: PageQuery,
  list: (bounds: PageBounds) => Promise<Item[]>,
  present: (item: Item) => unknown,
): Promise<Answer> {
  if (after !== undefined && !CURSOR.test(after)) return refusedCursor(NOTIFICATION_FAILURES.invalidField);
  const before = after === undefined ? Number.MAX_SAFE_INTEGER : Number(after);
  // One extra item tells whether there is another page.
  const itemsAndNext = await list({ accountId, before, limit: limit + 1 });
  const items = itemsAndNext.slice(0, limit);
  const next = itemsAndNext.length > limit ? String(items.at(-1)!.sequence) : null;
  return { status: 200, body: { items: items.map(present), next } };
}
