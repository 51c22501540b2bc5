const ASCII = 'CHARACTER SET ascii COLLATE ascii_bin';

/** The tables of the consumers that the auditor reads: their progress, notifications and alerts. */
export const MONITORING_TABLES = [
  `CREATE TABLE progress (
    consumer VARCHAR(50) ${ASCII} NOT NULL,
    account_id CHAR(36) ${ASCII} NOT NULL,
    applied_to BIGINT NOT NULL,
    updated_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    PRIMARY KEY (consumer, account_id)
  )`,
  `CREATE TABLE alert (
    id CHAR(36) ${ASCII} NOT NULL PRIMARY KEY,
    account_id CHAR(36) ${ASCII} NOT NULL,
    sequence BIGINT NOT NULL,
    rule VARCHAR(50) ${ASCII} NOT NULL,
    reason VARCHAR(500) NOT NULL,
    events JSON NOT NULL,
    created_at DATETIME(3) NOT NULL,
    UNIQUE KEY by_account (account_id, sequence, rule)
  )`,
  `CREATE TABLE notification (
    account_id VARCHAR(100) NOT NULL,
    sequence BIGINT NOT NULL,
    transaction_id CHAR(36) ${ASCII} NOT NULL,
    type VARCHAR(20) NOT NULL,
    status VARCHAR(10) NOT NULL,
    reason VARCHAR(50) NOT NULL DEFAULT '',
    amount DECIMAL(38, 0) NOT NULL,
    currency CHAR(3) NOT NULL,
    created_at DATETIME(3) NOT NULL,
    PRIMARY KEY (account_id, sequence)
  )`,
];
