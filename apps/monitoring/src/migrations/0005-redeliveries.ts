import { ASCII, TABLE, type Migration } from '@souk/database';

/** Redeliveries with an `Idempotency-Key`: their outcome, or their progress so far. */
export const redeliveries: Migration = {
  name: '0005-redeliveries',
  statements: [
    `CREATE TABLE IF NOT EXISTS webhook_redelivery (
      id CHAR(64) ${ASCII} NOT NULL PRIMARY KEY COMMENT 'SHA-256 of caller, route and key',
      redelivered INT NOT NULL DEFAULT 0 COMMENT 'so far',
      outcome VARCHAR(20) ${ASCII} NULL COMMENT 'DONE, or the code of the refusal; NULL while there may be more to redeliver',
      created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
      KEY by_age (created_at)
    ) ${TABLE}`,
  ],
};
