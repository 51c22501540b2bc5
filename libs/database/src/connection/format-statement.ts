import mysql from 'mysql2/promise';

/** The values that mysql2 accepts, and its raw SQL type. */
type Literal = Parameters<typeof mysql.escape>[0];

/**
 * Fills a statement's `?` with values as mysql2 does (times in UTC), but with literals that mean the same in every `sql_mode`.
 * mysql2 escapes a quote with a backslash; under `NO_BACKSLASH_ESCAPES` that quote ends the string. Needs a UTF-8 connection.
 * @throws TypeError for an object: mysql2 would write its keys as columns
 */
export function formatStatement(sql: string, values: unknown): string {
  // `values` is undefined if the statement has no parameters; then a `?` in it is kept.
  return values === undefined ? sql : mysql.format(sql, toLiteral(values), false, 'Z');
}

function toLiteral(value: unknown): Literal {
  if (typeof value === 'string') return mysql.raw(stringLiteral(value));
  if (Array.isArray(value)) return value.map(toLiteral);
  if (typeof value !== 'object' || value === null || value instanceof Date || value instanceof Uint8Array)
    return value as Literal;
  throw new TypeError('an object cannot be a parameter of a statement');
}

/** A doubled quote is a quote in every mode. A backslash depends on the mode, so text that contains one becomes hexadecimal. */
function stringLiteral(text: string): string {
  if (!text.includes('\\')) return `'${text.replaceAll("'", "''")}'`;
  return `_utf8mb4 X'${Buffer.from(text, 'utf8').toString('hex')}'`;
}
