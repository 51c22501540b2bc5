-- Schemas and their users: each user is granted its own schema and nothing else, and the auditor may read them all.
-- Applied at every start, so that a changed password takes effect; every statement may run any number of times.
-- A name in braces after a dollar sign stands for the password of that name in .env, fit for a string in single quotes.

CREATE DATABASE IF NOT EXISTS cart CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE USER IF NOT EXISTS 'cart'@'%' IDENTIFIED BY '${CART_DB_PASSWORD}';
ALTER USER 'cart'@'%' IDENTIFIED BY '${CART_DB_PASSWORD}';
GRANT ALL PRIVILEGES ON cart.* TO 'cart'@'%';

CREATE DATABASE IF NOT EXISTS inventory CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE USER IF NOT EXISTS 'inventory'@'%' IDENTIFIED BY '${INVENTORY_DB_PASSWORD}';
ALTER USER 'inventory'@'%' IDENTIFIED BY '${INVENTORY_DB_PASSWORD}';
GRANT ALL PRIVILEGES ON inventory.* TO 'inventory'@'%';

CREATE DATABASE IF NOT EXISTS wallet CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE USER IF NOT EXISTS 'wallet'@'%' IDENTIFIED BY '${WALLET_DB_PASSWORD}';
ALTER USER 'wallet'@'%' IDENTIFIED BY '${WALLET_DB_PASSWORD}';
GRANT ALL PRIVILEGES ON wallet.* TO 'wallet'@'%';

CREATE USER IF NOT EXISTS 'auditor'@'%' IDENTIFIED BY '${AUDITOR_DB_PASSWORD}';
ALTER USER 'auditor'@'%' IDENTIFIED BY '${AUDITOR_DB_PASSWORD}';
GRANT SELECT ON cart.* TO 'auditor'@'%';
GRANT SELECT ON inventory.* TO 'auditor'@'%';
GRANT SELECT ON wallet.* TO 'auditor'@'%';
GRANT SELECT ON monitoring.* TO 'auditor'@'%';
