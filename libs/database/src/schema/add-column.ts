/**
 * Migration statements that add a column unless it exists. Only MariaDB supports `ADD COLUMN IF NOT EXISTS`.
 * @param definition in SQL, such as `VARCHAR(100) NULL`; must allow NULL or have a default because old replicas insert without
 * the column
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
