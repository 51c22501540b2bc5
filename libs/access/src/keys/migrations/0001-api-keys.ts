import { ASCII, TABLE, type Migration } from '@souk/database';

export const apiKeys: Migration = {
  name: '0001-api-keys',
  statements: [
    `CREATE TABLE IF NOT EXISTS api_key (
      id VARCHAR(40) ${ASCII} NOT NULL PRIMARY KEY,
      name VARCHAR(100) NOT NULL,
      scopes VARCHAR(500) ${ASCII} NOT NULL COMMENT 'separated by spaces',
      digest BINARY(32) NOT NULL COMMENT 'SHA-256 of the secret',
      previous_digest BINARY(32) NULL COMMENT 'of the secret before the last rotation',
      previous_expires_at DATETIME(3) NULL,
      created_at DATETIME(3) NOT NULL,
      created_by VARCHAR(108) NOT NULL,
      expires_at DATETIME(3) NULL,
      revoked_at DATETIME(3) NULL COMMENT 'a revoked key stays, so that its id is never used again',
      last_used_at DATETIME(3) NULL,
      revision BIGINT UNSIGNED NOT NULL COMMENT 'of all keys when this one last changed',
      KEY by_revision (revision)
    ) ${TABLE}`,
    // Each change locks this row until it commits, so revisions become visible in order.
    `CREATE TABLE IF NOT EXISTS key_revision (
      id TINYINT NOT NULL PRIMARY KEY,
      value BIGINT UNSIGNED NOT NULL
    ) ${TABLE}`,
    'INSERT IGNORE INTO key_revision (id, value) VALUES (1, 0)',
    // Lets a service record the use of a key without being able to change anything else about it.
    'DROP PROCEDURE IF EXISTS record_key_use',
    `CREATE PROCEDURE record_key_use(IN used_id VARCHAR(40) ${ASCII}) SQL SECURITY DEFINER
      UPDATE api_key SET last_used_at = UTC_TIMESTAMP(3) WHERE id = used_id`,
  ],
};
