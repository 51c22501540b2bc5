import type { DataPromise } from '../check-result';
import type { SchemaName, Schemas } from '../schemas';

/** A walk over all rows in the order of a key; `:first` and `:last` are the first and the last key of a page. */
export interface TableWalk {
  schema: SchemaName;
  table: string;
  key: string;
  /** SQL condition for the rows to include, if an index lists the keys of only those rows in order. */
  where?: string;
  /** Keys per page, if each key involves more rows than those of the table. */
  pageKeys?: number;
}

/**
 * A walk over rows that follow one another: those of each `key` in the order of `place`, found by an index on both. `:first` and
 * `:firstPlace` name the last row of the previous page, for comparison; `:last` and `:lastPlace` the last row of this page.
 */
export interface ChainWalk extends TableWalk {
  place: string;
  index: string;
}

/** A promise that the rows of a table must keep. */
export interface Check extends DataPromise {
  /** Every schema that its SQL reads. If there is more than one, see `isSettling`. */
  reads: readonly SchemaName[];
  /** The check compares orders with payments, so there is nothing to compare if payments are simulated. */
  needsWalletPayments?: true;
  /** The table whose rows are checked, page by page. */
  walks: TableWalk | ChainWalk;
  /**
   * SQL that finds the rows that break the promise, with the figures that show it. `:first` and `:last` are the bounds of a page,
   * as described at its walk. If it reads several schemas, column `id` is the key.
   */
  broken(schemas: Schemas): string;
}

/**
 * Two services handle an order one after the other, so their schemas may differ for a moment; a suspect is checked again before
 * it is reported. Within one schema, a transaction writes what belongs together, and a snapshot sees all of it or nothing.
 */
export const isSettling = (check: Check): boolean => check.reads.length > 1;
