import type { Queryable } from '@souk/database';
import type { BrokenRow, Check, Schemas } from './check';

/** Rows of the walked table that one statement looks at. */
export const PAGE_ROWS = 2_000;
/** Broken rows that one page can tell; with more of them only this many are counted. */
const BROKEN_A_PAGE_MAX = 1_000;

/** All statements see the same moment. */
export type Snapshot = Pick<Queryable, 'rows'>;

type Key = string | number;

interface Page {
  first: Key;
  last: Key;
  rows: number;
}

export interface Walked {
  /** Rows of the walked table that were looked at. */
  rows: number;
  /** Rows that break the promise; at least so many. */
  brokenCount: number;
  /** The first of them. */
  broken: BrokenRow[];
}

/**
 * Looks at every row of the table that a check walks, a page at a time, so that neither a statement nor this process ever holds
 * more than a page.
 * @param keptMax broken rows that are kept; further ones are counted
 * @param onPage told the rows looked at so far
 */
export async function walk(
  snapshot: Snapshot,
  check: Check,
  schemas: Schemas,
  { keptMax, onPage }: { keptMax: number; onPage?: (rows: number) => void },
): Promise<Walked> {
  const walked: Walked = { rows: 0, brokenCount: 0, broken: [] };
  let page = await readPage(snapshot, check, schemas, undefined);
  while (page) {
    const broken = await findBroken(snapshot, check, schemas, page);
    walked.rows += page.rows;
    walked.brokenCount += broken.length;
    walked.broken.push(...broken.slice(0, keptMax - walked.broken.length));
    onPage?.(walked.rows);
    page = page.rows < PAGE_ROWS ? undefined : await readPage(snapshot, check, schemas, page.last);
  }
  return walked;
}

/** Looks at some rows again, by their keys. @returns those that still break the promise */
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

/** A key need not be unique: then a page is of so many different ones. */
async function readPage(
  snapshot: Snapshot,
  { walks: { schema, table, key } }: Check,
  schemas: Schemas,
  after: Key | undefined,
): Promise<Page | undefined> {
  const from = after === undefined ? '' : `WHERE ${key} > ?`;
  const [page] = await snapshot.rows<{ first: Key | null; last: Key | null; number: number }>(
    `SELECT MIN(k) AS first, MAX(k) AS last, COUNT(*) AS number
       FROM (SELECT DISTINCT ${key} AS k FROM ${schemas[schema]}.${table} ${from} ORDER BY ${key} LIMIT ${PAGE_ROWS}) page`,
    after === undefined ? [] : [after],
  );
  if (!page || page.first === null || page.last === null) return undefined;
  return { first: page.first, last: page.last, rows: Number(page.number) };
}

function findBroken(
  snapshot: Snapshot,
  check: Check,
  schemas: Schemas,
  { first, last }: Pick<Page, 'first' | 'last'>,
): Promise<BrokenRow[]> {
  const sql = check.broken(schemas);
  const ranges = sql.split('BETWEEN ? AND ?').length - 1;
  const bounds = Array.from({ length: ranges }, () => [first, last]).flat();
  return snapshot.rows<BrokenRow>(`${sql} LIMIT ${BROKEN_A_PAGE_MAX}`, bounds);
}
