/**
 * The entries of an event `e` as rows. Ids are compared as the tables have them, or no key of theirs would be used.
 * @param path which of them
 */
export const entriesOf = (path: '$.entries[*]' | '$.entries[0]') => `
  JSON_TABLE(e.payload, '${path}' COLUMNS (
    account_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin PATH '$.account_id', sequence BIGINT PATH '$.sequence',
    amount DECIMAL(40, 2) PATH '$.amount', currency CHAR(3) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$.currency'))`;
