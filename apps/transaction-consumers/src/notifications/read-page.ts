export interface PageQuery {
  /** The `next` of the page before. */
  after?: string | undefined;
  limit: number;
}

export type PageResult<Item> = { ok: true; items: Item[]; next: string | null } | { ok: false; code: 'INVALID_CURSOR' };

/** A cursor is the place of the last item of its page. */
const CURSOR = /^[1-9]\d{0,14}$/;

/**
 * A page of what an account has, newest first. What is added meanwhile does not shift the pages that follow.
 * @param list gives items before a place, newest first
 * @returns the items, and the `after` of the next page, `null` on the last; or INVALID_CURSOR
 */
export async function readPage<Item extends { sequence: number }>(
  { after, limit }: PageQuery,
  list: (bounds: { before: number; limit: number }) => Promise<Item[]>,
): Promise<PageResult<Item>> {
  if (after !== undefined && !CURSOR.test(after)) return { ok: false, code: 'INVALID_CURSOR' };
  // One more than asked for tells whether there is another page.
  const found = await list({ before: after ? Number(after) : Number.MAX_SAFE_INTEGER, limit: limit + 1 });
  const items = found.slice(0, limit);
  return { ok: true, items, next: found.length > limit ? String(items.at(-1)!.sequence) : null };
}
