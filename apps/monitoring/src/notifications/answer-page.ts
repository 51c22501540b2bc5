import { NOTIFICATION_FAILURES, pageOf, pageStart } from '@souk/contracts';
import { invalidCursorAnswer, type Answer } from '@souk/http';

interface PageQuery {
  /** The `next` of the previous page. */
  after?: string | undefined;
  limit: number;
}

/** Bounds of a list: at most `limit` items of an account, before a sequence. */
export interface PageBounds {
  accountId: string;
  before: number;
  limit: number;
}

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
  const before = pageStart(after);
  if (before === undefined) return invalidCursorAnswer(NOTIFICATION_FAILURES.invalidField);
  const { items, next } = pageOf(await list({ accountId, before, limit: limit + 1 }), limit);
  return { status: 200, body: { items: items.map(present), next } };
}
