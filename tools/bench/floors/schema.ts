import type { Connection } from 'mysql2/promise';

export const FLOOR_SCHEMA = 'floor';

const TABLE = 'ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin';
const ID = 'VARCHAR(100) NOT NULL';

const TABLES = [
  `client_cart (client_id ${ID}, product_id ${ID}, quantity BIGINT NOT NULL, PRIMARY KEY (client_id, product_id))`,
  `orders (order_id ${ID} PRIMARY KEY, client_id ${ID}, status VARCHAR(20) NOT NULL, total BIGINT NOT NULL,
     created_at DATETIME(3) NOT NULL, KEY by_client (client_id))`,
  `order_item (order_id ${ID}, product_id ${ID}, quantity BIGINT NOT NULL, price BIGINT NOT NULL,
     PRIMARY KEY (order_id, product_id))`,
  `outbox (id ${ID} PRIMARY KEY, payload JSON NOT NULL)`,
  `inbox (id ${ID} PRIMARY KEY, created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3))`,
  `product (product_id ${ID} PRIMARY KEY, stock BIGINT NOT NULL, price BIGINT NOT NULL DEFAULT 1)`,
  `reservation (order_id ${ID} PRIMARY KEY, created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3))`,
  `reservation_line (order_id ${ID}, product_id ${ID}, quantity BIGINT NOT NULL, PRIMARY KEY (order_id, product_id))`,
  `reservation_outcome (order_id ${ID} PRIMARY KEY, outcome VARCHAR(20) NOT NULL)`,
  `wallet (wallet_id ${ID} PRIMARY KEY, amount BIGINT NOT NULL, sequence BIGINT NOT NULL DEFAULT 0)`,
  `payment (order_id ${ID} PRIMARY KEY, state VARCHAR(10) NOT NULL, amount BIGINT NOT NULL, transaction_id ${ID})`,
  `transaction_row (id ${ID} PRIMARY KEY, type VARCHAR(20) NOT NULL, created_at DATETIME(3) NOT NULL)`,
  `posting (id ${ID} PRIMARY KEY, transaction_id ${ID}, wallet_id ${ID}, amount BIGINT NOT NULL,
     balance_after BIGINT NULL, sequence BIGINT NULL, KEY by_transaction (transaction_id), KEY by_sequence (wallet_id, sequence))`,
];

/** Creates the schema of the floors, with products that never run out and wallets that can pay. */
export async function createFloorSchema(
  connection: Connection,
  { products, wallets }: { products: readonly string[]; wallets: readonly string[] },
): Promise<void> {
  const PLENTY = 1_000_000_000_000;
  await connection.query(`CREATE DATABASE ${FLOOR_SCHEMA}`);
  await connection.query(`USE ${FLOOR_SCHEMA}`);
  for (const table of TABLES) await connection.query(`CREATE TABLE ${table} ${TABLE}`);
  await connection.query('INSERT INTO product (product_id, stock) VALUES ?', [products.map((id) => [id, PLENTY])]);
  await connection.query('INSERT INTO wallet (wallet_id, amount) VALUES ?', [wallets.map((id) => [id, PLENTY])]);
}
