/**
 * Statements of a migration that add a column, where there is none yet: `ADD COLUMN IF NOT EXISTS` is MariaDB's alone.
 * @param definition in SQL, e.g. `VARCHAR(100) NULL`; without a value it must be NULL or a default, since old replicas still insert
 */
export function addColumn(table: string, column: string, definition: string): string[] {
  const alter = `ALTER TABLE ${table} ADD COLUMN ${column} ${definition}`;
  return [
    `SET @add_column = IF(
       EXISTS (SELECT 1 FROM information_schema.COLUMNS
                WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = '${table}' AND COLUMN_NAME = '${column}'),
       'DO 0', '${alter.replaceAll("'", "''")}')`,
    'PREPARE add_column FROM @add_column',
    'EXECUTE add_column',
    'DEALLOCATE PREPARE add_column',
  ];
}
