import { ID, TABLE, type Migration } from '@souk/database';

/*
 * Both keys begin with the hour, because a summary reads a range of hours. There are no other unique keys: an upsert would take
 * locks in them too, and replicas that write the same hours in the same order could still deadlock.
 *
 * Sums can exceed BIGINT: a failed transaction keeps its requested amount, and a requested charge can have 38 digits.
 */
export const analytics: Migration = {
  name: '0004-analytics',
  statements: [
    `CREATE TABLE IF NOT EXISTS analytics_hour (
      hour DATETIME NOT NULL COMMENT 'its beginning, UTC',
      type VARCHAR(20) NOT NULL,
      status VARCHAR(10) NOT NULL,
      reason VARCHAR(50) NOT NULL COMMENT 'why they failed; empty for those that did not',
      currency CHAR(3) NOT NULL,
      transactions BIGINT NOT NULL,
      volume DECIMAL(65, 0) NOT NULL COMMENT 'minor units that were moved; of failed ones, that would have been',
      PRIMARY KEY (hour, type, status, reason, currency)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS analytics_account_hour (
      hour DATETIME NOT NULL COMMENT 'its beginning, UTC',
      account_id ${ID} NOT NULL,
      currency CHAR(3) NOT NULL,
      transactions BIGINT NOT NULL COMMENT 'that it took part in, failed ones included',
      volume_in DECIMAL(38, 0) NOT NULL COMMENT 'minor units that came in',
      volume_out DECIMAL(38, 0) NOT NULL COMMENT 'minor units that went out',
      failed BIGINT NOT NULL,
      PRIMARY KEY (hour, account_id, currency)
    ) ${TABLE}`,
  ],
};
