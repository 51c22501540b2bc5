/**
 * The entries of an event `e` as rows. Ids have the tables' character set and collation; otherwise no index could be used.
 * @param path which entries
 */
export const entriesOf = (path: '$.entries[*]' | '$.entries[0]') => `
  JSON_TABLE(e.payload, '${path}' COLUMNS (
    account_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin PATH '$.account_id', sequence BIGINT PATH '$.sequence',
    amount DECIMAL(40, 2) PATH '$.amount', currency CHAR(3) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$.currency'))`;
