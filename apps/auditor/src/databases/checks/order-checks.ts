import type { Schemas } from '../../schemas';
import type { Check } from '../check';

const walks = { schema: 'cart', table: 'orders', key: 'order_id' } as const;

/**
 * Orders placed before the ledger existed were paid elsewhere. The ledger is as old as its first account: the system's, whose id
 * sorts first.
 */
const isSinceTheLedger = ({ wallet }: Schemas) =>
  `o.created_at >= COALESCE((SELECT a.created_at FROM ${wallet}.account a ORDER BY a.id LIMIT 1), o.created_at)`;

/** Relations between an order, its payment and its reservation, which share one id. */
export const orderChecks: Check[] = [
  {
    name: 'payment-has-its-order',
    promise: 'a payment charged to a customer of the shop belongs to an order',
    reads: ['cart', 'wallet'],
    needsWalletPayments: true,
    walks: { schema: 'wallet', table: 'payment', key: 'payment_id' },
    // Payments for orders have the payer's reference, those for cash machines the payer's account id. The latter are checked
    // against the journals.
    broken: ({ cart, wallet }) => `
      SELECT y.payment_id AS id, y.payer_reference, y.amount, y.created_at
        FROM ${wallet}.payment y
        LEFT JOIN ${cart}.orders o ON o.order_id = y.payment_id
       WHERE y.payment_id BETWEEN :first AND :last AND y.state = 'charged' AND y.payer_reference IS NOT NULL
         AND o.order_id IS NULL`,
  },
  {
    name: 'stock-taken-has-its-order',
    promise: 'a committed reservation belongs to an order',
    reads: ['cart', 'inventory'],
    walks: { schema: 'inventory', table: 'reservation_outcome', key: 'reserve_id' },
    broken: ({ cart, inventory }) => `
      SELECT r.reserve_id AS id, k.items, r.created_at
        FROM ${inventory}.reservation_outcome r
        LEFT JOIN ${inventory}.reservation k ON k.reserve_id = r.reserve_id
        LEFT JOIN ${cart}.orders o ON o.order_id = r.reserve_id
       WHERE r.reserve_id BETWEEN :first AND :last AND r.outcome = 'committed' AND o.order_id IS NULL`,
  },
  {
    name: 'completed-order-was-paid',
    promise: 'a completed order was charged once, to its customer and for its total; a free order was not charged',
    reads: ['cart', 'wallet'],
    needsWalletPayments: true,
    walks,
    broken: (schemas) => `
      SELECT o.order_id AS id, o.client_id, o.total, o.currency, y.state AS payment, y.payer_reference,
             y.amount AS payment_amount, y.currency AS payment_currency
        FROM ${schemas.cart}.orders o
        LEFT JOIN ${schemas.wallet}.payment y ON y.payment_id = o.order_id
       WHERE o.order_id BETWEEN :first AND :last AND o.status = 'completed' AND ${isSinceTheLedger(schemas)}
         AND IF(o.total > 0,
               NOT (y.state <=> 'charged' AND y.amount <=> o.total AND y.currency <=> o.currency
                AND y.payer_reference <=> o.client_id),
               y.state <=> 'charged')`,
  },
  {
    name: 'failed-order-costs-nothing',
    promise: 'a failed order is not charged: its payment was never made, was declined or was refunded',
    reads: ['cart', 'wallet'],
    needsWalletPayments: true,
    walks,
    broken: ({ cart, wallet }) => `
      SELECT o.order_id AS id, o.code, o.total, y.state AS payment, y.amount AS payment_amount
        FROM ${cart}.orders o
        JOIN ${wallet}.payment y ON y.payment_id = o.order_id
       WHERE o.order_id BETWEEN :first AND :last AND o.status = 'failed' AND y.state = 'charged'`,
  },
  {
    name: 'completed-order-took-its-stock',
    promise: 'the reservation of a completed order is committed; that of a failed order is not',
    reads: ['cart', 'inventory'],
    walks,
    broken: ({ cart, inventory }) => `
      SELECT o.order_id AS id, o.status, r.outcome
        FROM ${cart}.orders o
        LEFT JOIN ${inventory}.reservation_outcome r ON r.reserve_id = o.order_id
       WHERE o.order_id BETWEEN :first AND :last AND o.status <> 'processing'
         AND (o.status = 'completed') <> (r.outcome <=> 'committed')`,
  },
  {
    name: 'stock-taken-is-what-was-ordered',
    promise: 'a completed order took exactly its items from the stock',
    reads: ['cart', 'inventory'],
    walks,
    broken: ({ cart, inventory }) => `
      SELECT ordered.id, ordered.items, reserved.items AS reserved_items
        FROM (SELECT o.order_id AS id,
                     GROUP_CONCAT(i.product_id, ' ', i.quantity ORDER BY i.product_id SEPARATOR ', ') AS items
                FROM ${cart}.orders o
                LEFT JOIN ${cart}.order_item i ON i.order_id = o.order_id
               WHERE o.order_id BETWEEN :first AND :last AND o.status = 'completed'
               GROUP BY o.order_id) ordered
        JOIN (SELECT r.reserve_id AS id,
                     GROUP_CONCAT(x.product_id, ' ', x.quantity ORDER BY x.product_id SEPARATOR ', ') AS items
                FROM ${cart}.orders o
                JOIN ${inventory}.reservation r ON r.reserve_id = o.order_id
                LEFT JOIN JSON_TABLE(r.items, '$[*]' COLUMNS (
                       product_id VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$[0]',
                       quantity BIGINT PATH '$[1]')) x ON TRUE
               WHERE o.order_id BETWEEN :first AND :last AND o.status = 'completed'
               GROUP BY r.reserve_id) reserved ON reserved.id = ordered.id
       WHERE NOT (ordered.items <=> reserved.items)`,
  },
];
