import { customerText, decimalOf, idAt, idOf, productText } from './sql-text';
import { MERCHANT, type Shape } from './shape';

/** The number of rows in a chunk. The helper table has the numbers from 0 to one less. */
export const CHUNK_ROWS = 50_000;

const DEPOSIT = 100_000;
const PRICE = 250;
/** The price of two pieces. */
const TOTAL = 2 * PRICE;
const STOCK = 2_000_000_000;
/** The transactions happened over this many hours, until yesterday. */
const HOURS = 1_440;
/** Keys, jobs and deliveries are at most this many hours old. */
const KEPT_HOURS = 600;
const DEPOSIT_WALLET = '00000000-0000-7000-8000-000000000013';
const MERCHANT_ACCOUNT = idOf(`'account of ${MERCHANT}'`);
const MERCHANT_WALLET = idOf(`'wallet of ${MERCHANT}'`);
const accountOf = (index: string) => idOf(`CONCAT('account of ', ${index})`);
const walletOf = (index: string) => idOf(`CONCAT('wallet of ', ${index})`);

const ID = 'CHAR(36) CHARACTER SET ascii COLLATE ascii_bin';

/** Helper tables: numbers, the start time, and the transactions of the current chunk. */
export const HELPERS = [
  'CREATE DATABASE growth',
  'CREATE TABLE growth.digit (d INT NOT NULL PRIMARY KEY)',
  'INSERT INTO growth.digit VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)',
  'CREATE TABLE growth.number (n BIGINT NOT NULL PRIMARY KEY)',
  `INSERT INTO growth.number
   SELECT n FROM (SELECT a.d + 10 * b.d + 100 * c.d + 1000 * d.d + 10000 * e.d AS n
                    FROM growth.digit a, growth.digit b, growth.digit c, growth.digit d, growth.digit e) numbers
    WHERE n < ${CHUNK_ROWS} ORDER BY n`,
  'CREATE TABLE growth.merchant (visits BIGINT NOT NULL, balance BIGINT NOT NULL)',
  'INSERT INTO growth.merchant VALUES (0, 0)',
  'CREATE TABLE growth.start (at DATETIME(3) NOT NULL)',
  `INSERT INTO growth.start VALUES (NOW() - INTERVAL ${HOURS + 24} HOUR)`,
  `CREATE TABLE growth.txn (
     n BIGINT NOT NULL PRIMARY KEY, at DATETIME(3) NOT NULL, id ${ID} NOT NULL, event_id ${ID} NOT NULL,
     customer BIGINT NOT NULL, visit BIGINT NOT NULL COMMENT 'place among the transactions of the customer, from 1',
     account_id ${ID} NOT NULL, wallet_id ${ID} NOT NULL,
     client_id VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
     is_order TINYINT NOT NULL, is_declined TINYINT NOT NULL, balance BIGINT NOT NULL,
     merchant_visit BIGINT NOT NULL, merchant_balance BIGINT NOT NULL,
     order_id ${ID} NOT NULL, product BIGINT NOT NULL, other_product BIGINT NOT NULL)`,
];

/** The number of transactions of a customer. */
function visitsOf({ transactions, heavyCustomers, lightCustomers }: Shape, index: string): string {
  const half = ((transactions / 100) * 99) / 2;
  const share = (place: string, customers: number, all: number) =>
    `(${all + customers - 1} - (${place})) DIV ${customers}`;
  return `CASE WHEN ${index} = 0 THEN ${transactions / 100} WHEN ${index} <= ${heavyCustomers} THEN ${share(`${index} - 1`, heavyCustomers, Math.ceil(half))}
    ELSE ${share(`${index} - ${1 + heavyCustomers}`, lightCustomers, Math.floor(half))} END`;
}

/** Every fifth transaction of a customer, from the second on, is for an order, and one order in ten is declined. */
const ordersIn = (visits: string) => `((${visits} + 3) DIV 5)`;
const declinedIn = (orders: string, customer: string) => `((${orders} + ${customer} % 10) DIV 10)`;
const chargedIn = (visits: string, customer: string) =>
  `(${ordersIn(visits)} - ${declinedIn(ordersIn(visits), customer)})`;
const balanceAfter = (visits: string, customer: string) =>
  `(${DEPOSIT} * (${visits} - ${ordersIn(visits)}) - ${TOTAL} * ${chargedIn(visits, customer)})`;

/** Rows of customers and products from `first` on. */
export function customerStatements(shape: Shape, first: number): string[] {
  const index = `(n + ${first})`;
  const from = (more = 'TRUE') =>
    `FROM growth.number, growth.start s WHERE n + ${first} < ${shape.customers} AND ${more} ORDER BY n`;
  const visits = visitsOf(shape, index);
  return [
    `INSERT INTO wallet.account (id, name, reference, role, actor, created_at, updated_at)
     SELECT ${accountOf(index)}, NULL, ${customerText(index)}, 'customer', 'growth', s.at, s.at ${from()}`,
    `INSERT INTO wallet.wallet (id, account_id, amount, currency, refundable_in, sequence, created_at, updated_at)
     SELECT ${walletOf(index)}, ${accountOf(index)}, ${balanceAfter(visits, index)}, 'USD', ${TOTAL} * ${chargedIn(visits, index)},
            ${visits}, s.at, s.at + INTERVAL ${HOURS} HOUR ${from()}`,
    `INSERT INTO cart.cart_lock (client_id) SELECT ${customerText(index)} ${from()}`,
    `INSERT INTO cart.client_cart (client_id, product_id, quantity)
     SELECT ${customerText(index)}, ${productText(`${index} * 7919 % ${shape.products}`)}, 1 ${from('n % 5 = 0')}`,
    ...CONSUMERS.map(
      (consumer) => `INSERT INTO monitoring.progress (consumer, account_id, applied_to)
     SELECT '${consumer}', ${accountOf(index)}, ${visits} ${from()}`,
    ),
  ];
}

export function productStatements({ products }: Shape): string[] {
  const columns = `FROM growth.number, growth.start s WHERE n < ${products} ORDER BY n`;
  return [
    `INSERT INTO inventory.product_details (product_id, product_name, quantity, unit_price, currency, actor, created_at)
     SELECT ${productText('n')}, CONCAT('Item ', n), ${STOCK}, ${PRICE}, 'USD', 'growth', s.at ${columns}`,
    `INSERT INTO inventory.stock_change (product_id, quantity_from, quantity_to, reason, actor, created_at)
     SELECT ${productText('n')}, 0, ${STOCK}, '', 'growth', s.at ${columns}`,
  ];
}

const CONSUMERS = ['analytics', 'fraud-detection', 'notifications'];

/** The shop. `END_STATEMENTS` completes its wallet and its progress; until then, no consumer looks for its events. */
export const merchantStatements = [
  ...CONSUMERS.map(
    (consumer) => `INSERT INTO monitoring.progress (consumer, account_id, applied_to)
     SELECT '${consumer}', ${MERCHANT_ACCOUNT}, 1000000000`,
  ),
  `INSERT INTO wallet.account (id, reference, role, actor, created_at, updated_at)
   SELECT ${MERCHANT_ACCOUNT}, '${MERCHANT}', 'merchant', 'growth', s.at, s.at FROM growth.start s`,
  `INSERT INTO wallet.wallet (id, account_id, amount, currency, may_overdraw, created_at, updated_at)
   SELECT ${MERCHANT_WALLET}, ${MERCHANT_ACCOUNT}, 0, 'USD', 1, s.at, s.at FROM growth.start s`,
];

/** Fills the table of a chunk with its transactions, in the order in which they happened. */
export function chunkStatements(shape: Shape, first: number): string[] {
  const { transactions, heavyCustomers, lightCustomers, products } = shape;
  const stepMicroseconds = Math.floor((HOURS * 3_600_000_000) / transactions);
  return [
    'TRUNCATE TABLE growth.txn',
    `INSERT INTO growth.txn
     SELECT n, at, ${idAt('at', "CONCAT('transaction ', n)")}, ${idAt('at', "CONCAT('event ', n)")}, customer, visit,
            ${accountOf('customer')}, ${walletOf('customer')}, ${customerText('customer')}, is_order, is_declined,
            ${balanceAfter('visit', 'customer')},
            visits + SUM(is_order) OVER (ORDER BY n), balance + ${TOTAL} * SUM(is_order - is_declined) OVER (ORDER BY n),
            ${idAt('at', "CONCAT('order ', n)")}, n * 7919 % ${products}, (n * 7919 + 1 + n % 97) % ${products}
       FROM growth.merchant, (SELECT n, at, customer, visit, is_order,
                    is_order AND (${ordersIn('visit')} - 1 + customer % 10) % 10 = 9 AS is_declined
               FROM (SELECT n, at, customer, visit, visit % 5 = 2 AS is_order
                       FROM (SELECT n, at,
                                    CASE WHEN n % 100 = 0 THEN 0 WHEN m % 2 = 0 THEN 1 + m DIV 2 % ${heavyCustomers}
                                         ELSE ${1 + heavyCustomers} + m DIV 2 % ${lightCustomers} END AS customer,
                                    1 + CASE WHEN n % 100 = 0 THEN n DIV 100 WHEN m % 2 = 0 THEN m DIV 2 DIV ${heavyCustomers}
                                         ELSE m DIV 2 DIV ${lightCustomers} END AS visit
                               FROM (SELECT n, n - n DIV 100 - 1 AS m, at + INTERVAL n * ${stepMicroseconds} MICROSECOND AS at
                                       FROM (SELECT c.n + ${first} AS n, s.at FROM growth.number c, growth.start s) numbered
                                      WHERE n < ${transactions}) placed) customers) orders) declined
      ORDER BY n`,
    `UPDATE growth.merchant, (SELECT MAX(merchant_visit) AS last_visit, MAX(merchant_balance) AS last_balance FROM growth.txn) last
        SET visits = last_visit, balance = last_balance`,
  ];
}

const USER_ENTRY = `JSON_OBJECT('account_id', account_id, 'sequence', visit,
  'amount', ${decimalOf(`IF(is_order, -${TOTAL}, ${DEPOSIT})`)}, 'currency', 'USD')`;
const MERCHANT_ENTRY = `JSON_OBJECT('account_id', ${MERCHANT_ACCOUNT}, 'sequence', merchant_visit, 'amount', '${(TOTAL / 100).toFixed(2)}', 'currency', 'USD')`;
const TYPE = "IF(is_order, 'charge', 'deposit')";
const STATUS = "IF(is_declined, 'failed', 'completed')";
const ORDER = 'IF(is_order, order_id, NULL)';
const REASON = "IF(is_declined, 'INSUFFICIENT_FUNDS', '')";

/** The ledger's rows of the current chunk. */
export const LEDGER_STATEMENTS = [
  `INSERT INTO wallet.transaction (id, type, status, reason, actor, created_at)
   SELECT id, ${TYPE}, ${STATUS}, ${REASON}, 'growth', at FROM growth.txn ORDER BY n`,
  // In the order of their ids, as the wallet inserts them, so that the pages are filled.
  `INSERT INTO wallet.posting (id, transaction_id, wallet_id, amount, currency, balance_after, sequence, created_at, type, order_id)
   SELECT ${idAt('at', "CONCAT('first posting ', n)")} AS id, id AS transaction_id, IF(is_order, wallet_id, '${DEPOSIT_WALLET}'),
          IF(is_order, -${TOTAL}, -${DEPOSIT}), 'USD', IF(is_order, balance, NULL), IF(is_order, visit, NULL), at, ${TYPE}, ${ORDER}
     FROM growth.txn WHERE is_declined = 0
    UNION ALL
   SELECT ${idAt('at', "CONCAT('second posting ', n)")}, id, IF(is_order, ${MERCHANT_WALLET}, wallet_id),
          IF(is_order, ${TOTAL}, ${DEPOSIT}), 'USD', IF(is_order, merchant_balance, balance), IF(is_order, merchant_visit, visit), at, ${TYPE}, ${ORDER}
     FROM growth.txn WHERE is_declined = 0
    ORDER BY id`,
  `INSERT INTO wallet.event (id, type, transaction_id, payload, created_at)
   SELECT event_id, CONCAT('transactions.', ${STATUS}), id,
          IF(is_order,
            JSON_OBJECT('transaction_id', id, 'type', 'charge', 'entries', JSON_ARRAY(${USER_ENTRY}, ${MERCHANT_ENTRY}),
              'timestamp', DATE_FORMAT(at, '%Y-%m-%dT%H:%i:%s.000Z'), 'order_id', order_id, 'status', ${STATUS}, 'reason', ${REASON}),
            JSON_OBJECT('transaction_id', id, 'type', 'deposit', 'entries', JSON_ARRAY(${USER_ENTRY}),
              'timestamp', DATE_FORMAT(at, '%Y-%m-%dT%H:%i:%s.000Z'), 'status', 'completed', 'reason', '')), at
     FROM growth.txn ORDER BY n`,
  `INSERT INTO wallet.event_entry (account_id, sequence, event_id)
   SELECT account_id, visit, event_id FROM growth.txn ORDER BY account_id, visit`,
  `INSERT INTO wallet.event_entry (account_id, sequence, event_id)
   SELECT ${MERCHANT_ACCOUNT}, merchant_visit, event_id FROM growth.txn WHERE is_order = 1 ORDER BY n`,
  `INSERT INTO wallet.payment (payment_id, state, reason, payer_reference, payee_reference, amount, currency, payer_wallet_id,
     payee_wallet_id, charge_id, actor, created_at, updated_at)
   SELECT order_id, IF(is_declined, 'declined', 'charged'), ${REASON}, client_id, '${MERCHANT}', ${TOTAL}, 'USD',
          IF(is_declined, NULL, wallet_id), IF(is_declined, NULL, ${MERCHANT_WALLET}), id, 'growth', at, at
     FROM growth.txn WHERE is_order = 1 ORDER BY n`,
];

/** The rows of the orders of the current chunk, in the cart's and in the inventory's schema. */
export const ORDER_STATEMENTS = [
  `INSERT INTO cart.orders (order_id, client_id, status, code, error, reason, total, currency, actor, correlation_id, created_at, updated_at)
   SELECT order_id, client_id, ${STATUS}, IF(is_declined, 'PAYMENT_DECLINED', ''), IF(is_declined, 'The payment was declined', ''),
          ${REASON}, ${TOTAL}, 'USD', 'growth', order_id, at, at FROM growth.txn WHERE is_order = 1 ORDER BY n`,
  ...['product', 'other_product'].map(
    (product) => `INSERT INTO cart.order_item (order_id, product_id, quantity, unit_price)
   SELECT order_id, ${productText(product)}, 1, ${PRICE} FROM growth.txn WHERE is_order = 1 ORDER BY n`,
  ),
  // Two adds and a checkout for each order.
  ...[1, 2, 3].map(
    (job) => `INSERT INTO cart.inbox (message_id, claim_id, actor, created_at)
   SELECT ${idAt('recent', `CONCAT('job ${job} ', n)`)}, 0, 'growth', recent
     FROM (SELECT n, NOW() - INTERVAL ${KEPT_HOURS} HOUR + INTERVAL TIMESTAMPDIFF(SECOND, s.at, t.at) * ${KEPT_HOURS} DIV ${HOURS} SECOND AS recent
             FROM growth.txn t, growth.start s WHERE is_order = 1) jobs ORDER BY n`,
  ),
  `INSERT INTO inventory.reservation (reserve_id, items, actor, created_at)
   SELECT order_id, JSON_ARRAY(JSON_ARRAY(${productText('LEAST(product, other_product)')}, 1),
            JSON_ARRAY(${productText('GREATEST(product, other_product)')}, 1)), 'growth', at
     FROM growth.txn WHERE is_order = 1 ORDER BY n`,
  `INSERT INTO inventory.reservation_outcome (reserve_id, outcome, actor, created_at)
   SELECT order_id, IF(is_declined, 'rolled_back', 'committed'), 'growth', at FROM growth.txn WHERE is_order = 1 ORDER BY n`,
  `UPDATE inventory.product_details p
     JOIN (SELECT product, COUNT(*) AS pieces
             FROM (SELECT product FROM growth.txn WHERE is_order = 1 AND is_declined = 0 UNION ALL
                   SELECT other_product FROM growth.txn WHERE is_order = 1 AND is_declined = 0) sold
            GROUP BY product) sold ON p.product_id = CONVERT(${productText('sold.product')} USING utf8mb4) COLLATE utf8mb4_bin
      SET p.quantity = p.quantity - sold.pieces`,
];

/** One row for each account of each transaction of the current chunk. */
const ENTRIES = `(SELECT n, at, id, account_id, visit AS sequence, ${TYPE} AS type, ${STATUS} AS status, ${REASON} AS reason,
    IF(is_order, -${TOTAL}, ${DEPOSIT}) AS amount, ${ORDER} AS order_id FROM growth.txn
  UNION ALL
  SELECT n, at, id, ${MERCHANT_ACCOUNT}, merchant_visit, 'charge', ${STATUS}, ${REASON}, ${TOTAL}, order_id
    FROM growth.txn WHERE is_order = 1) entries`;
const HOUR = "DATE_FORMAT(at, '%Y-%m-%d %H:00:00')";

const MOVE_WATERMARK = `UPDATE monitoring.consumer_state
    SET watermark_position = COALESCE((SELECT MAX(position) FROM wallet.event), 0)`;

/** What the consumers of the wallet's events have derived from the current chunk. */
export const MONITORING_STATEMENTS = [
  `INSERT INTO monitoring.notification (account_id, sequence, transaction_id, type, status, reason, amount, currency, created_at, order_id)
   SELECT account_id, sequence, id, type, status, reason, amount, 'USD', at, order_id FROM ${ENTRIES} ORDER BY account_id, sequence`,
  `INSERT INTO monitoring.analytics_hour (hour, type, status, reason, currency, transactions, volume)
   SELECT * FROM (SELECT ${HOUR} AS hour, ${TYPE} AS type, ${STATUS} AS status, ${REASON} AS reason, 'USD', COUNT(*) AS added,
                         SUM(IF(is_order, ${TOTAL}, ${DEPOSIT})) AS added_volume
                    FROM growth.txn GROUP BY 1, 2, 3, 4) sums
       ON DUPLICATE KEY UPDATE transactions = transactions + added, volume = volume + added_volume`,
  `INSERT INTO monitoring.analytics_account_hour (hour, account_id, currency, transactions, volume_in, volume_out, failed)
   SELECT * FROM (SELECT ${HOUR} AS hour, account_id, 'USD', COUNT(*) AS added,
                         SUM(IF(status = 'completed' AND amount > 0, amount, 0)) AS added_in,
                         SUM(IF(status = 'completed' AND amount < 0, -amount, 0)) AS added_out, SUM(status = 'failed') AS added_failed
                    FROM ${ENTRIES} GROUP BY 1, 2) sums
       ON DUPLICATE KEY UPDATE transactions = transactions + added, volume_in = volume_in + added_in,
          volume_out = volume_out + added_out, failed = failed + added_failed`,
  `INSERT INTO monitoring.fraud_event (account_id, sequence, transaction_id, type, status, amount, currency, at)
   SELECT account_id, visit, id, ${TYPE}, ${STATUS}, IF(is_order, -${TOTAL}, ${DEPOSIT}), 'USD', at
     FROM growth.txn WHERE n % 5 = 0 ORDER BY account_id, visit`,
  `INSERT INTO monitoring.alert (id, account_id, sequence, rule, reason, events, created_at)
   SELECT ${idOf("CONCAT('alert ', n)")}, account_id, visit, 'velocity', 'filled in',
          JSON_ARRAY(JSON_OBJECT('sequence', visit, 'transaction_id', id)), at
     FROM growth.txn WHERE n % 100 = 7 ORDER BY n`,
  // For one customer in a hundred.
  `INSERT INTO monitoring.webhook_delivery (id, account_id, sequence, type, body, state, tries, pending_since, created_at, ended_at)
   SELECT ${idOf("CONCAT('delivery ', n)")}, account_id, visit, 'transaction', '{}', 'delivered', 1, recent, recent, recent
     FROM (SELECT t.*, NOW() - INTERVAL ${KEPT_HOURS} HOUR + INTERVAL n % ${KEPT_HOURS * 3600} SECOND AS recent FROM growth.txn t
            WHERE customer % 100 = 3) delivered`,
  // From there on, the consumers look for events that they have missed.
  MOVE_WATERMARK,
  `INSERT INTO monitoring.alert_published (alert_id) SELECT ${idOf("CONCAT('alert ', n)")} FROM growth.txn WHERE n % 100 = 7`,
];

/** Completes what depends on all transactions. */
export const END_STATEMENTS = [
  `UPDATE wallet.wallet w, growth.merchant m
      SET w.amount = m.balance, w.refundable_out = m.balance, w.sequence = m.visits, w.updated_at = NOW(3)
    WHERE w.id = ${MERCHANT_WALLET}`,
  `UPDATE monitoring.progress p JOIN wallet.wallet w ON w.account_id = p.account_id
      SET p.applied_to = w.sequence WHERE w.id = ${MERCHANT_WALLET}`,
  MOVE_WATERMARK,
];

/**
 * Idempotency keys from `first` on, in the order of their ids, so that each is appended to the primary key's index.
 * @param ageHours the age of the oldest key
 * @param salt makes the keys differ from those of other calls
 */
export function keyStatement(keys: number, first: number, ageHours = KEPT_HOURS, salt = ''): string {
  const digest = `SHA2(CONCAT('${salt}', n), 256)`;
  return `INSERT INTO wallet.idempotency (id, claim_id, fingerprint, outcome, actor, created_at)
   SELECT CONCAT(LPAD(LOWER(HEX(n * ${Math.floor(2 ** 40 / keys)})), 10, '0'), SUBSTR(${digest}, 11)), n, ${digest},
          CONCAT('{"ok":true,"transaction":{"id":"', ${idOf('n')}, '","type":"deposit","status":"completed","reason":"","createdAt":{"$moment":"2026-01-31T12:00:00.000Z"},"postings":[{"id":"', ${idOf('n + 1')}, '","walletId":"', ${idOf('n + 2')}, '","amount":{"$minor":"100"},"currency":"USD","balanceAfter":{"$minor":"1100"}}]}}'),
          'growth', NOW() - INTERVAL ${ageHours} HOUR + INTERVAL CRC32(n) % ${Math.floor((KEPT_HOURS * 3600) / 2)} SECOND
     FROM (SELECT n + ${first} AS n FROM growth.number) numbered WHERE n < ${keys} ORDER BY n`;
}
