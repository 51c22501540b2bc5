import type { Schemas, Snapshot } from '../schemas';
import type { ChainWalk, TableWalk } from './check';

/** Maximum number of rows of the walked table per page. */
const PAGE_ROWS = 2_000;

export type Key = string | number | Date;

/** A page of a walk: its number of rows, and the values of `:first` and the other bounds in the SQL of its check. */
export interface Page {
  rows: number;
  isLast: boolean;
  bounds: { first: Key; last: Key; firstPlace?: Key; lastPlace?: Key };
}

/** @returns the page after `previous`, or the first page; undefined at the end */
export function readPage(
  snapshot: Snapshot,
  walk: TableWalk | ChainWalk,
  schemas: Schemas,
  previous?: Page,
): Promise<Page | undefined> {
  const table = `${schemas[walk.schema]}.${walk.table}`;
  return 'place' in walk ? readChain(snapshot, walk, table, previous) : readRows(snapshot, walk, table, previous);
}

/** A key need not be unique: a page has up to `pageKeys` different keys. */
async function readRows(
  snapshot: Snapshot,
  { key, where = 'TRUE', pageKeys = PAGE_ROWS }: TableWalk,
  table: string,
  previous?: Page,
): Promise<Page | undefined> {
  const [page] = await snapshot.rows<{ first: Key | null; last: Key | null; number: number }>(
    `SELECT MIN(k) AS first, MAX(k) AS last, COUNT(*) AS number
       FROM (SELECT DISTINCT ${key} AS k FROM ${table} WHERE ${where} ${previous ? `AND ${key} > ?` : ''} ORDER BY ${key} LIMIT ${pageKeys}) page`,
    previous ? [previous.bounds.last] : [],
  );
  if (!page || page.first === null || page.last === null) return undefined;
  const rows = Number(page.number);
  return { rows, isLast: rows < pageKeys, bounds: { first: page.first, last: page.last } };
}

async function readChain(
  snapshot: Snapshot,
  { key, place, index }: ChainWalk,
  table: string,
  previous?: Page,
): Promise<Page | undefined> {
  const { last: first, lastPlace: firstPlace = 0 } = previous?.bounds ?? { last: '' };
  const rows = await snapshot.rows<{ k: Key; place: Key }>(
    `SELECT ${key} AS k, ${place} AS place FROM ${table} FORCE INDEX (${index})
      WHERE ${place} IS NOT NULL AND ((${key} = ? AND ${place} > ?) OR ${key} > ?) ORDER BY ${key}, ${place} LIMIT ${PAGE_ROWS}`,
    [first, firstPlace, first],
  );
  const end = rows.at(-1);
  const bounds = { first, firstPlace, last: end?.k ?? '', lastPlace: end?.place ?? 0 };
  return end && { rows: rows.length, isLast: rows.length < PAGE_ROWS, bounds };
}
