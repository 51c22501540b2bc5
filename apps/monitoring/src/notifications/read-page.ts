export interface PageQuery {
  /** The `next` of the previous page. */
  after?: string | undefined;
  limit: number;
}

export type PageResult<Item> = { ok: true; items: Item[]; next: string | null } | { ok: false; code: 'INVALID_CURSOR' };

/** A cursor is the sequence of the last item on its page. */
const CURSOR = /^[1-9]\d{0,14}$/;

/**
 * Reads a page of an account's items, newest first. Items added in the meantime don't shift later pages.
 * @param list returns the items before a sequence, newest first
 * @returns the items and the `after` of the next page, `null` on the last page; or INVALID_CURSOR
 */
export async function readPage<Item extends { sequence: number }>(
  { after, limit }: PageQuery,
  list: (bounds: { before: number; limit: number }) => Promise<Item[]>,
): Promise<PageResult<Item>> {
  if (after !== undefined && !CURSOR.test(after)) return { ok: false, code: 'INVALID_CURSOR' };
  // One extra item tells whether there is another page.
  const found = await list({ before: after ? Number(after) : Number.MAX_SAFE_INTEGER, limit: limit + 1 });
  const items = found.slice(0, limit);
  return { ok: true, items, next: found.length > limit ? String(items.at(-1)!.sequence) : null };
}
