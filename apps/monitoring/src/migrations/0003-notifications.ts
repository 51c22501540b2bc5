import { ASCII, ID, TABLE, type Migration } from '@souk/database';

// Webhooks can be registered, and notifications requested, for any id that a path can contain.
const ACCOUNT = 'VARCHAR(100)';

/*
 * Deliveries are not derived from events alone: a sent message can't be unsent. So they contain the body made from their
 * notification, and survive a rebuild, which deletes notifications.
 */
export const notifications: Migration = {
  name: '0003-notifications',
  statements: [
    // The message text isn't stored: it is derived from the columns.
    `CREATE TABLE IF NOT EXISTS notification (
      account_id ${ACCOUNT} NOT NULL,
      sequence BIGINT NOT NULL,
      transaction_id ${ID} NOT NULL,
      type VARCHAR(20) NOT NULL,
      status VARCHAR(10) NOT NULL,
      reason VARCHAR(50) NOT NULL DEFAULT '' COMMENT 'why it failed',
      amount DECIMAL(38, 0) NOT NULL COMMENT 'minor units; of a failed one as it was asked for, also when no wallet could hold it',
      currency CHAR(3) NOT NULL,
      created_at DATETIME(3) NOT NULL COMMENT 'of the event',
      PRIMARY KEY (account_id, sequence)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS webhook (
      account_id ${ACCOUNT} NOT NULL PRIMARY KEY,
      url VARCHAR(2000) NOT NULL,
      host VARCHAR(300) NOT NULL COMMENT 'of the URL, with its port: what is limited together',
      queued_to BIGINT NOT NULL DEFAULT 0 COMMENT 'sequence of the last event with a delivery; a rebuild makes none again',
      created_at DATETIME(3) NOT NULL COMMENT 'events before it are not delivered',
      updated_at DATETIME(3) NOT NULL
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS webhook_secret (
      id ${ID} NOT NULL PRIMARY KEY,
      account_id ${ACCOUNT} NOT NULL,
      sealed VARBINARY(255) NOT NULL COMMENT 'AES-256-GCM: nonce, tag, ciphertext',
      created_at DATETIME(3) NOT NULL,
      expires_at DATETIME(3) NULL COMMENT 'NULL of the newest',
      KEY by_account (account_id),
      KEY by_expiry (expires_at)
    ) ${TABLE}`,
    // `by_due` finds the oldest due delivery of each account without reading the others: a receiver that is down for a day leaves
    // many.
    `CREATE TABLE IF NOT EXISTS webhook_delivery (
      id ${ID} NOT NULL PRIMARY KEY COMMENT 'of the notification',
      account_id ${ACCOUNT} NOT NULL,
      sequence BIGINT NOT NULL,
      type VARCHAR(31) NOT NULL,
      body TEXT NOT NULL COMMENT 'what is posted, to the byte',
      state VARCHAR(10) ${ASCII} NOT NULL DEFAULT 'pending',
      tries INT NOT NULL DEFAULT 0 COMMENT 'since it was last made pending',
      claim_id ${ID} NULL COMMENT 'of the attempt under way',
      due_at DATETIME(3) NULL COMMENT 'of an attempt under way, when it counts as lost; NULL when it ended',
      pending_since DATETIME(3) NOT NULL COMMENT 'when it was queued, or last redelivered: it is tried for so long from then',
      created_at DATETIME(3) NOT NULL,
      ended_at DATETIME(3) NULL,
      KEY by_sequence (account_id, sequence),
      KEY by_due (state, account_id, due_at),
      KEY by_age (state, pending_since),
      KEY by_end (ended_at),
      CONSTRAINT known_delivery_state CHECK (state IN ('pending', 'delivered', 'dead', 'cancelled')),
      CONSTRAINT due_until_it_ends CHECK ((state = 'pending') = (due_at IS NOT NULL) AND (due_at IS NULL) = (ended_at IS NOT NULL))
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS webhook_attempt (
      id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
      delivery_id ${ID} NOT NULL,
      status SMALLINT NULL COMMENT 'of HTTP; NULL without an answer',
      error VARCHAR(20) NULL COMMENT 'NULL when it was delivered',
      response VARCHAR(1024) NOT NULL COMMENT 'how the answer began',
      duration_ms INT NOT NULL,
      created_at DATETIME(3) NOT NULL COMMENT 'when it began',
      KEY by_delivery (delivery_id, id)
    ) ${TABLE}`,
  ],
};
