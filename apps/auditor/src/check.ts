/** What the schemas are called where they are read. */
export interface Schemas {
  cart: string;
  inventory: string;
  wallet: string;
  monitoring: string;
}

export type SchemaName = keyof Schemas;

/** All rows in the order of a key; `:first` and `:last` are the first and the last key of a page. */
export interface TableWalk {
  schema: SchemaName;
  table: string;
  key: string;
  /** SQL of which rows, where an index has the keys of those alone in order. */
  where?: string;
  /** Keys of a page, where rows beyond those of the table stand behind each of them. */
  pageKeys?: number;
}

/**
 * Rows that follow one another: those of each `key` in the order of `place`, found by an index of both. `:first`, `:firstPlace`
 * name the last row of the page before, which is there to compare with; `:last`, `:lastPlace` the last row of this page.
 */
export interface ChainWalk extends TableWalk {
  place: string;
  index: string;
}

/** What is told of a check. */
export interface Promised {
  /** For programs, kebab-case; never changes. */
  name: string;
  /** What holds when nothing is broken. */
  promise: string;
}

/** A promise that the rows of a table can be held to. */
export interface Check extends Promised {
  /** Every schema that its SQL reads. More than one: see `isSettling`. */
  reads: readonly SchemaName[];
  /** It compares orders with payments: there is nothing to compare where payments are simulated. */
  needsWalletPayments?: true;
  /** The table whose rows are looked at, page by page. */
  walks: TableWalk | ChainWalk;
  /**
   * Finds the rows that break the promise, with the figures that show it. `:first` and `:last` stand for
   * the bounds of a page, as its walk says. Where several schemas are read, column `id` is the key.
   */
  broken(schemas: Schemas): string;
}

/** A row that breaks a promise: what it is called, and the figures that show it. */
export type BrokenRow = { id: string | number } & Record<string, unknown>;

/**
 * What two services do for one order comes one after the other, so a suspect is looked at again before it is reported. Inside
 * one schema a transaction writes what belongs together, and a snapshot sees all of it or nothing.
 */
export const isSettling = (check: Check): boolean => check.reads.length > 1;
