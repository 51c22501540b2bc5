import { addColumn, ASCII, type Migration } from '@souk/database';

/*
 * The scope of a key no longer contains how its caller authenticated. A key is stored under its own id and also under the ids
 * that a replica of the previous release looks for. Such a replica leaves the new column empty.
 */
export const keyScopes: Migration = {
  name: '0003-key-scopes',
  statements: addColumn(
    'idempotency',
    'scope_id',
    `CHAR(64) ${ASCII} NULL COMMENT 'at an id of an earlier release: the id of the key that this row stands for'`,
  ),
};
