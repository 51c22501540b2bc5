import { ASCII, TABLE, type Migration } from '@souk/database';

/*
 * The stock on hand of a product is the sum of its recorded changes minus what reservations have taken. For existing products
 * the sum starts with one row that accounts for everything before it.
 */
export const stockChanges: Migration = {
  name: '0002-stock-changes',
  statements: [
    // At this level, a SELECT inside an INSERT reads all tables as of one moment.
    'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
    `CREATE TABLE IF NOT EXISTS stock_change (
      id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
      product_id VARCHAR(100) NOT NULL,
      quantity_from BIGINT NOT NULL COMMENT 'on hand before',
      quantity_to BIGINT NOT NULL COMMENT 'on hand after',
      reason VARCHAR(500) NOT NULL,
      actor VARCHAR(255) NOT NULL COMMENT 'who changed it',
      created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
      KEY by_product (product_id, id)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS stock_change_answer (
      change_id VARCHAR(100) NOT NULL PRIMARY KEY,
      fingerprint VARCHAR(64) ${ASCII} NOT NULL COMMENT 'of the request; the same id with another one is refused',
      answer MEDIUMTEXT NOT NULL COMMENT 'JSON',
      created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
      KEY by_age (created_at)
    ) ${TABLE}`,
    `INSERT INTO stock_change (product_id, quantity_from, quantity_to, reason, actor)
     SELECT p.product_id, 0, p.quantity + COALESCE(taken.quantity, 0), 'set before changes were recorded', 'migration'
       FROM product_details p
       LEFT JOIN (SELECT items.product_id, SUM(items.quantity) AS quantity
                    FROM reservation_outcome o
                    JOIN reservation r ON r.reserve_id = o.reserve_id
                    JOIN JSON_TABLE(r.items, '$[*]' COLUMNS (
                           product_id VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$[0]',
                           quantity BIGINT PATH '$[1]')) items
                   WHERE o.outcome = 'committed'
                   GROUP BY items.product_id) taken ON taken.product_id = p.product_id
      WHERE NOT EXISTS (SELECT 1 FROM stock_change c WHERE c.product_id = p.product_id)`,
  ],
};
