-- Schemas and their users: each user is granted only its own schema, and the auditor may read the ones with the shop's data.
-- Applied at every start, so that a changed password takes effect. Every statement is idempotent. A name in braces after a dollar
-- sign is replaced by the password of that name in .env, in a form that is safe in a single-quoted string. MYSQL_REQUIRE is NONE, or
-- X509 if connections need a certificate.

CREATE DATABASE IF NOT EXISTS cart CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE USER IF NOT EXISTS 'cart'@'%' IDENTIFIED BY '${CART_DB_PASSWORD}';
ALTER USER 'cart'@'%' IDENTIFIED BY '${CART_DB_PASSWORD}' REQUIRE ${MYSQL_REQUIRE};
GRANT ALL PRIVILEGES ON cart.* TO 'cart'@'%';

CREATE DATABASE IF NOT EXISTS inventory CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE USER IF NOT EXISTS 'inventory'@'%' IDENTIFIED BY '${INVENTORY_DB_PASSWORD}';
ALTER USER 'inventory'@'%' IDENTIFIED BY '${INVENTORY_DB_PASSWORD}' REQUIRE ${MYSQL_REQUIRE};
GRANT ALL PRIVILEGES ON inventory.* TO 'inventory'@'%';

CREATE DATABASE IF NOT EXISTS wallet CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE USER IF NOT EXISTS 'wallet'@'%' IDENTIFIED BY '${WALLET_DB_PASSWORD}';
ALTER USER 'wallet'@'%' IDENTIFIED BY '${WALLET_DB_PASSWORD}' REQUIRE ${MYSQL_REQUIRE};
GRANT ALL PRIVILEGES ON wallet.* TO 'wallet'@'%';

CREATE DATABASE IF NOT EXISTS monitoring CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE USER IF NOT EXISTS 'monitoring'@'%' IDENTIFIED BY '${MONITORING_DB_PASSWORD}';
ALTER USER 'monitoring'@'%' IDENTIFIED BY '${MONITORING_DB_PASSWORD}' REQUIRE ${MYSQL_REQUIRE};
GRANT ALL PRIVILEGES ON monitoring.* TO 'monitoring'@'%';

CREATE DATABASE IF NOT EXISTS access CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE USER IF NOT EXISTS 'access'@'%' IDENTIFIED BY '${ACCESS_DB_PASSWORD}';
ALTER USER 'access'@'%' IDENTIFIED BY '${ACCESS_DB_PASSWORD}' REQUIRE ${MYSQL_REQUIRE};
GRANT ALL PRIVILEGES ON access.* TO 'access'@'%';

-- The services that check API keys read them, and record their use with a procedure.
CREATE USER IF NOT EXISTS 'access_reader'@'%' IDENTIFIED BY '${ACCESS_READER_DB_PASSWORD}';
ALTER USER 'access_reader'@'%' IDENTIFIED BY '${ACCESS_READER_DB_PASSWORD}' REQUIRE ${MYSQL_REQUIRE};
GRANT SELECT, EXECUTE ON access.* TO 'access_reader'@'%';

CREATE USER IF NOT EXISTS 'auditor'@'%' IDENTIFIED BY '${AUDITOR_DB_PASSWORD}';
ALTER USER 'auditor'@'%' IDENTIFIED BY '${AUDITOR_DB_PASSWORD}' REQUIRE ${MYSQL_REQUIRE};
GRANT SELECT ON cart.* TO 'auditor'@'%';
GRANT SELECT ON inventory.* TO 'auditor'@'%';
GRANT SELECT ON wallet.* TO 'auditor'@'%';
GRANT SELECT ON monitoring.* TO 'auditor'@'%';
