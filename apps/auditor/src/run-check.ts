import type { Queryable } from '@souk/database';
import type { BrokenRow, Check, Schemas } from './check';
import { readPage, type Key, type Page } from './read-page';

/** Broken rows counted per page; any more are ignored. */
const BROKEN_A_PAGE_MAX = 1_000;

/** All statements see the same moment. */
export type Snapshot = Pick<Queryable, 'rows'>;

export interface Walked {
  /** Rows of the walked table that were checked. */
  rows: number;
  /** Rows that break the promise; there may be more. */
  brokenCount: number;
  /** The first of them. */
  broken: BrokenRow[];
}

/**
 * Checks every row of the table that a check walks, one page at a time, so that neither a statement nor this process ever holds
 * more than a page.
 * @param keptMax broken rows that are kept; further ones are only counted
 * @param onPage called with the number of rows checked so far
 */
export async function walk(
  snapshot: Snapshot,
  check: Check,
  schemas: Schemas,
  { keptMax, onPage }: { keptMax: number; onPage?: (rows: number) => void },
): Promise<Walked> {
  const walked: Walked = { rows: 0, brokenCount: 0, broken: [] };
  let page = await readPage(snapshot, check, schemas);
  while (page) {
    const broken = await findBroken(snapshot, check, schemas, page.bounds);
    walked.rows += page.rows;
    walked.brokenCount += broken.length;
    walked.broken.push(...broken.slice(0, keptMax - walked.broken.length));
    onPage?.(walked.rows);
    page = page.isLast ? undefined : await readPage(snapshot, check, schemas, page);
  }
  return walked;
}

/** Checks some rows again, by their keys. @returns those that still break the promise */
export async function lookAgain(
  snapshot: Snapshot,
  check: Check,
  schemas: Schemas,
  keys: readonly Key[],
): Promise<BrokenRow[]> {
  const broken: BrokenRow[] = [];
  for (const key of keys) broken.push(...(await findBroken(snapshot, check, schemas, { first: key, last: key })));
  return broken;
}

function findBroken(snapshot: Snapshot, check: Check, schemas: Schemas, bounds: Page['bounds']): Promise<BrokenRow[]> {
  const values: unknown[] = [];
  const sql = check.broken(schemas).replace(/:(first|last)(Place)?\b/g, (name) => {
    values.push(bounds[name.slice(1) as keyof Page['bounds']]);
    return '?';
  });
  return snapshot.rows<BrokenRow>(`${sql} LIMIT ${BROKEN_A_PAGE_MAX}`, values);
}
