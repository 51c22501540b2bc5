import { ASCII, ID, TABLE, type Migration } from '@souk/database';

export const fraudDetection: Migration = {
  name: '0002-fraud-detection',
  statements: [
    // Only the latest events of each account that rules use. A refused amount may exceed what any wallet can hold.
    `CREATE TABLE IF NOT EXISTS fraud_event (
      account_id ${ID} NOT NULL,
      sequence BIGINT NOT NULL,
      transaction_id ${ID} NOT NULL,
      type VARCHAR(20) NOT NULL,
      status VARCHAR(10) NOT NULL,
      amount DECIMAL(38, 0) NOT NULL COMMENT 'minor units; below zero, it left the account',
      currency CHAR(3) NOT NULL,
      at DATETIME(3) NOT NULL,
      PRIMARY KEY (account_id, sequence)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS alert (
      id ${ID} NOT NULL PRIMARY KEY COMMENT 'follows from account, sequence and rule',
      account_id ${ID} NOT NULL,
      sequence BIGINT NOT NULL COMMENT 'of the event that it was raised at',
      rule VARCHAR(50) ${ASCII} NOT NULL,
      reason VARCHAR(500) NOT NULL,
      events JSON NOT NULL COMMENT 'the evidence',
      created_at DATETIME(3) NOT NULL COMMENT 'moment of the event, not of the row',
      UNIQUE KEY by_account (account_id, sequence, rule)
    ) ${TABLE}`,
    // Survives a rebuild, so that no alert is published twice.
    `CREATE TABLE IF NOT EXISTS alert_published (alert_id ${ID} NOT NULL PRIMARY KEY) ${TABLE}`,
  ],
};
