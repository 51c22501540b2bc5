import { ASCII, TABLE, type Migration } from '@souk/database';
import { OUTBOX_TABLE } from '@souk/messaging';
import { CONSUMER_NAMES } from '../consumer';

/** Each consumer's progress in the events of each account and in those of the wallet. */
export const delivery: Migration = {
  name: '0001-delivery',
  statements: [
    `CREATE TABLE IF NOT EXISTS progress (
      consumer VARCHAR(50) ${ASCII} NOT NULL,
      account_id CHAR(36) ${ASCII} NOT NULL,
      applied_to BIGINT NOT NULL COMMENT 'sequence of the last event that was applied; all before it were',
      updated_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
      PRIMARY KEY (consumer, account_id)
    ) ${TABLE}`,
    // Applying events takes a shared lock on the consumer's row; deleting derived data takes an exclusive one.
    `CREATE TABLE IF NOT EXISTS consumer_state (
      consumer VARCHAR(50) ${ASCII} NOT NULL PRIMARY KEY,
      watermark_position BIGINT NOT NULL DEFAULT 0 COMMENT 'nothing is missing of the events of the wallet up to there',
      generation BIGINT NOT NULL DEFAULT 0 COMMENT 'of what was derived: one more with every rebuild',
      updated_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3)
    ) ${TABLE}`,
    `INSERT IGNORE INTO consumer_state (consumer) VALUES
      ${CONSUMER_NAMES.map((name) => `('${name}')`).join(', ')}`,
    OUTBOX_TABLE,
  ],
};
