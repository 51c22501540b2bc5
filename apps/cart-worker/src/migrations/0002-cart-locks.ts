import { TABLE, type Migration } from '@souk/database';

export const cartLocks: Migration = {
  name: '0002-cart-locks',
  statements: [
    `CREATE TABLE IF NOT EXISTS cart_lock (
      client_id VARCHAR(100) NOT NULL PRIMARY KEY COMMENT 'locked while the cart is changed'
    ) ${TABLE}`,
  ],
};
