import { TABLE, type Migration } from '@souk/database';
import { INBOX_TABLE, OUTBOX_TABLE } from '@souk/messaging';

export const cartsAndOrders: Migration = {
  name: '0001-carts-and-orders',
  statements: [
    `CREATE TABLE IF NOT EXISTS client_cart (
      client_id VARCHAR(100) NOT NULL,
      product_id VARCHAR(100) NOT NULL,
      quantity BIGINT NOT NULL,
      PRIMARY KEY (client_id, product_id),
      CONSTRAINT cart_holds_something CHECK (quantity > 0)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS orders (
      order_id VARCHAR(100) NOT NULL PRIMARY KEY,
      seq BIGINT NOT NULL AUTO_INCREMENT COMMENT 'order of making, for lists',
      client_id VARCHAR(100) NOT NULL,
      status VARCHAR(20) NOT NULL DEFAULT 'processing',
      code VARCHAR(50) NOT NULL DEFAULT '' COMMENT 'why it failed',
      error VARCHAR(500) NOT NULL DEFAULT '',
      shortages JSON NULL,
      total DECIMAL(38, 0) NOT NULL COMMENT 'minor units',
      currency CHAR(3) NOT NULL,
      actor VARCHAR(100) NOT NULL COMMENT 'who asked',
      correlation_id VARCHAR(100) NOT NULL,
      traceparent VARCHAR(100) NULL COMMENT 'W3C trace context of the request',
      recheck_at DATETIME(3) NULL COMMENT 'when the job is sent again; NULL once settled',
      recheck_count INT NOT NULL DEFAULT 0,
      created_at DATETIME(3) NOT NULL,
      updated_at DATETIME(3) NOT NULL,
      UNIQUE KEY by_seq (seq),
      KEY by_client (client_id, seq),
      KEY by_recheck (recheck_at),
      CONSTRAINT order_status CHECK (status IN ('processing', 'completed', 'failed'))
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS order_item (
      order_id VARCHAR(100) NOT NULL,
      product_id VARCHAR(100) NOT NULL,
      quantity BIGINT NOT NULL,
      unit_price BIGINT NOT NULL COMMENT 'minor units, fixed when the order was made',
      PRIMARY KEY (order_id, product_id)
    ) ${TABLE}`,
    INBOX_TABLE,
    OUTBOX_TABLE,
  ],
};
