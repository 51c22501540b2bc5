/** What the schemas are called where they are read. */
export interface Schemas {
  cart: string;
  inventory: string;
  wallet: string;
}

export type SchemaName = keyof Schemas;

/** A promise that the rows of a table can be held to. */
export interface Check {
  /** For programs, kebab-case; never changes. */
  name: string;
  /** What holds when nothing is broken. */
  promise: string;
  /** Every schema that its SQL reads. More than one: see `isSettling`. */
  reads: readonly SchemaName[];
  /** It compares orders with payments: there is nothing to compare where payments are simulated. */
  needsWalletPayments?: true;
  /** The table whose rows are looked at, page by page in the order of its key. */
  walks: { schema: SchemaName; table: string; key: string };
  /**
   * Finds the rows that break the promise, with the figures that show it. Each `BETWEEN ? AND ?` is filled with the first and
   * the last key of a page. Where several schemas are read, column `id` is the key.
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
