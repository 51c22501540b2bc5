import { pageOf, pageStart } from '@souk/contracts';

export interface PageQuery {
  /** The `next` of the previous page. */
  after?: string | undefined;
  limit: number;
}

export type PageResult<Item> = { ok: true; items: Item[]; next: string | null } | { ok: false; code: 'INVALID_CURSOR' };

/**
 * Reads a page of an account's items, newest first. Items added in the meantime don't shift later pages.
 * @param list returns the items before a sequence, newest first
 * @returns the items and the `after` of the next page, `null` on the last page; or INVALID_CURSOR
 */
export async function readPage<Item extends { sequence: number }>(
  { after, limit }: PageQuery,
  list: (bounds: { before: number; limit: number }) => Promise<Item[]>,
): Promise<PageResult<Item>> {
  const before = pageStart(after);
  if (before === undefined) return { ok: false, code: 'INVALID_CURSOR' };
  return { ok: true, ...pageOf(await list({ before, limit: limit + 1 }), limit) };
}
