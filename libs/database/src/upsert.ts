/**
 * Refers to the value that an upsert would insert into a column. Qualify the existing row's column with its table, as in
 * `stock.quantity`, since the bare name is ambiguous on MySQL.
 */
export type IncomingValue = (column: string) => string;

/** @returns the assignments of an upsert that overwrites these columns */
export const overwrite =
  (...columns: readonly string[]) =>
  (incoming: IncomingValue): string =>
    columns.map((column) => `${column} = ${incoming(column)}`).join(', ');

/**
 * @param into a table and its columns, such as `stock (id, quantity)`
 * @param isMariaDb MariaDB has no row alias; MySQL deprecates VALUES(). Sources:
 * https://dev.mysql.com/doc/refman/8.4/en/insert-on-duplicate.html, https://mariadb.com/kb/en/insert-on-duplicate-key-update/
 */
export function upsertStatement(
  isMariaDb: boolean,
  into: string,
  assignments: (incoming: IncomingValue) => string,
): string {
  return isMariaDb
    ? `INSERT INTO ${into} VALUES ? ON DUPLICATE KEY UPDATE ${assignments((column) => `VALUES(${column})`)}`
    : `INSERT INTO ${into} VALUES ? AS incoming ON DUPLICATE KEY UPDATE ${assignments((column) => `incoming.${column}`)}`;
}
