import { ASCII, ID, TABLE, type Migration } from '@souk/database';
import { OUTBOX_TABLE } from '@souk/messaging';
import { BALANCE_MAX } from '../ledger/decisions/ledger-state';
import { SYSTEM_ACCOUNTS } from '../ledger/decisions/system-accounts';

const systemAccounts = Object.values(SYSTEM_ACCOUNTS);

/*
 * Moments have milliseconds, because the API shows and accepts milliseconds: the balance at the moment of a posting includes the
 * posting. Postings of one wallet never go back in time, and `sequence` orders those of the same moment.
 *
 * There are no foreign keys: they would lock the referenced rows, in an order that the lane can't control. One lane writes
 * everything, and the auditor joins the tables.
 */
export const ledger: Migration = {
  name: '0001-ledger',
  statements: [
    `CREATE TABLE IF NOT EXISTS currency (code CHAR(3) NOT NULL PRIMARY KEY) ${TABLE}`,
    "INSERT IGNORE INTO currency (code) VALUES ('USD')",
    `CREATE TABLE IF NOT EXISTS account (
      id ${ID} NOT NULL PRIMARY KEY,
      name VARCHAR(200) NULL,
      reference VARCHAR(100) NULL COMMENT 'what its owner is called elsewhere, as the clientID of a shop',
      role VARCHAR(10) NOT NULL,
      actor VARCHAR(255) NOT NULL COMMENT 'who opened it',
      created_at DATETIME(3) NOT NULL,
      updated_at DATETIME(3) NOT NULL,
      UNIQUE KEY by_reference (reference),
      CONSTRAINT known_role CHECK (role IN ('customer', 'merchant', 'system'))
    ) ${TABLE}`,
    // The limit of a wallet leaves room for refunds that may still come in, so that a refund is never refused.
    `CREATE TABLE IF NOT EXISTS wallet (
      id ${ID} NOT NULL PRIMARY KEY,
      account_id ${ID} NOT NULL,
      amount BIGINT NULL COMMENT 'minor units, the sum of its postings; NULL for a system wallet, which would be a hot row',
      currency CHAR(3) NOT NULL,
      may_overdraw TINYINT NOT NULL DEFAULT 0 COMMENT 'by refunds only',
      refundable_in BIGINT NOT NULL DEFAULT 0 COMMENT 'charged from it and not refunded',
      refundable_out BIGINT NOT NULL DEFAULT 0 COMMENT 'brought to it by charges and not refunded',
      sequence BIGINT NOT NULL DEFAULT 0 COMMENT 'of the last transaction of its account, failed ones included',
      created_at DATETIME(3) NOT NULL,
      updated_at DATETIME(3) NOT NULL COMMENT 'moment of its last posting',
      UNIQUE KEY by_account (account_id),
      CONSTRAINT wallet_is_not_overdrawn CHECK (amount >= 0 OR may_overdraw = 1),
      CONSTRAINT wallet_has_room CHECK (amount BETWEEN -${BALANCE_MAX} AND ${BALANCE_MAX} - refundable_in),
      CONSTRAINT refunds_are_bounded CHECK (
        refundable_in BETWEEN 0 AND ${BALANCE_MAX} AND refundable_out BETWEEN 0 AND ${BALANCE_MAX})
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS \`transaction\` (
      id ${ID} NOT NULL PRIMARY KEY,
      type VARCHAR(20) NOT NULL,
      status VARCHAR(10) NOT NULL,
      reason VARCHAR(50) NOT NULL DEFAULT '' COMMENT 'why it failed',
      actor VARCHAR(255) NOT NULL COMMENT 'who asked',
      created_at DATETIME(3) NOT NULL,
      KEY by_age (created_at),
      CONSTRAINT known_type CHECK (type IN
        ('replenish', 'transfer', 'credit', 'debit', 'deposit', 'withdrawal', 'charge', 'refund')),
      CONSTRAINT known_status CHECK (status IN ('completed', 'failed'))
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS posting (
      id ${ID} NOT NULL PRIMARY KEY,
      transaction_id ${ID} NOT NULL,
      wallet_id ${ID} NOT NULL,
      amount BIGINT NOT NULL COMMENT 'minor units; below zero, it left the wallet',
      currency CHAR(3) NOT NULL,
      balance_after BIGINT NULL COMMENT 'NULL in a system wallet',
      sequence BIGINT NULL COMMENT 'place among the transactions of the account; NULL in a system wallet',
      created_at DATETIME(3) NOT NULL,
      KEY by_transaction (transaction_id),
      UNIQUE KEY by_sequence (wallet_id, sequence),
      KEY by_moment (wallet_id, created_at, sequence, balance_after),
      CONSTRAINT posting_moves_something CHECK (amount <> 0)
    ) ${TABLE}`,
    // One per transaction, kept permanently, so that consumers can be rebuilt from the first one. `position` orders them roughly
    // as they happened, but commits may arrive out of that order.
    `CREATE TABLE IF NOT EXISTS event (
      position BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
      id ${ID} NOT NULL,
      type VARCHAR(50) NOT NULL,
      transaction_id ${ID} NOT NULL,
      payload JSON NOT NULL,
      created_at DATETIME(3) NOT NULL,
      UNIQUE KEY by_id (id),
      UNIQUE KEY by_transaction (transaction_id)
    ) ${TABLE}`,
    // A consumer that misses a sequence of an account finds its event here. The key also allows only one event per sequence.
    `CREATE TABLE IF NOT EXISTS event_entry (
      account_id ${ID} NOT NULL,
      sequence BIGINT NOT NULL,
      event_id ${ID} NOT NULL,
      PRIMARY KEY (account_id, sequence)
    ) ${TABLE}`,
    // An amount is stored as requested, even if no wallet could hold it. For a tombstone, only the id is known. The auditor looks
    // up the payment of a transaction by charge or by refund; those keys are not unique, because otherwise each ON DUPLICATE KEY
    // would take locks in them too.
    `CREATE TABLE IF NOT EXISTS payment (
      payment_id VARCHAR(100) NOT NULL PRIMARY KEY,
      state VARCHAR(10) NOT NULL,
      reason VARCHAR(50) NOT NULL DEFAULT '' COMMENT 'why it was declined',
      payer_reference VARCHAR(100) NULL,
      payee_reference VARCHAR(100) NULL,
      amount DECIMAL(38, 0) NULL COMMENT 'minor units',
      currency CHAR(3) NULL,
      payer_wallet_id ${ID} NULL,
      payee_wallet_id ${ID} NULL,
      charge_id ${ID} NULL COMMENT 'the transaction that charged it, or failed to',
      refund_id ${ID} NULL COMMENT 'the transaction that gave it back',
      actor VARCHAR(255) NOT NULL COMMENT 'who asked first',
      cancelled_by VARCHAR(255) NULL,
      created_at DATETIME(3) NOT NULL,
      updated_at DATETIME(3) NOT NULL,
      KEY by_state (state, updated_at),
      KEY by_charge (charge_id),
      KEY by_refund (refund_id),
      CONSTRAINT known_state CHECK (state IN ('charged', 'declined', 'cancelled', 'refunded'))
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS idempotency (
      id CHAR(64) ${ASCII} NOT NULL PRIMARY KEY COMMENT 'SHA-256 of caller, route and key',
      claim_id BIGINT NOT NULL COMMENT 'tells the rows of one transaction from those that were there',
      fingerprint VARCHAR(64) ${ASCII} NOT NULL COMMENT 'of the request body',
      outcome MEDIUMTEXT NULL COMMENT 'NULL in no committed row',
      actor VARCHAR(255) NOT NULL,
      created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
      KEY by_age (created_at)
    ) ${TABLE}`,
    OUTBOX_TABLE,
    `INSERT IGNORE INTO account (id, name, role, actor, created_at, updated_at) VALUES
      ${systemAccounts.map(({ accountId, name }) => `('${accountId}', '${name}', 'system', 'migration', NOW(3), NOW(3))`).join(', ')}`,
    `INSERT IGNORE INTO wallet (id, account_id, currency, created_at, updated_at) VALUES
      ${systemAccounts.map(({ walletId, accountId }) => `('${walletId}', '${accountId}', 'USD', NOW(3), NOW(3))`).join(', ')}`,
  ],
};
