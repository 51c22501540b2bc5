import { TABLE, type Migration } from '@souk/database';

/*
 * A reservation is known once it has a row in `reservation`, which never changes. It holds stock while it has unexpired rows in
 * `reserve_purchase`, and has ended once it has a row in `reservation_outcome`. With neither, it has expired.
 */
export const productsAndReservations: Migration = {
  name: '0001-products-and-reservations',
  statements: [
    `CREATE TABLE IF NOT EXISTS product_details (
      product_id VARCHAR(100) NOT NULL PRIMARY KEY,
      product_name VARCHAR(200) NOT NULL,
      quantity INT NOT NULL COMMENT 'on hand, what is reserved included',
      unit_price BIGINT NOT NULL COMMENT 'minor units',
      currency CHAR(3) NOT NULL,
      actor VARCHAR(255) NOT NULL COMMENT 'who set name, price or stock last',
      created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
      updated_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
      CONSTRAINT stock_is_not_negative CHECK (quantity >= 0)
    ) ${TABLE}`,
    // Every known id, including tombstones. Two replicas that insert the same id at the same time collide on the primary key,
    // whichever products they locked.
    `CREATE TABLE IF NOT EXISTS reservation (
      reserve_id VARCHAR(100) NOT NULL PRIMARY KEY,
      items MEDIUMTEXT NULL COMMENT 'JSON [[product_id, quantity], ...] sorted; NULL where rolled back before it was made',
      actor VARCHAR(255) NOT NULL COMMENT 'who asked',
      created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS reserve_purchase (
      reserve_id VARCHAR(100) NOT NULL,
      product_id VARCHAR(100) NOT NULL,
      quantity BIGINT NOT NULL,
      expires_at DATETIME(3) NOT NULL COMMENT 'from this moment on it holds nothing',
      actor VARCHAR(255) NOT NULL COMMENT 'who asked',
      created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
      PRIMARY KEY (reserve_id, product_id),
      KEY reserved_stock (product_id, expires_at, quantity),
      KEY expiry (expires_at)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS reservation_outcome (
      reserve_id VARCHAR(100) NOT NULL PRIMARY KEY,
      outcome VARCHAR(20) NOT NULL,
      shortages MEDIUMTEXT NULL COMMENT 'of a rejected one: JSON [{productId, requested, available}, ...]',
      actor VARCHAR(255) NOT NULL COMMENT 'who ended it',
      created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
      CONSTRAINT known_outcome CHECK (outcome IN ('committed', 'rolled_back', 'rejected'))
    ) ${TABLE}`,
  ],
};
