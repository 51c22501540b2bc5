import type { Check } from '../check';

/** Promises about stock and reservations. */
export const stockChecks: Check[] = [
  {
    name: 'stock-not-negative',
    promise: 'no product has a negative stock',
    reads: ['inventory'],
    walks: { schema: 'inventory', table: 'product_details', key: 'product_id' },
    broken: ({ inventory }) => `
      SELECT p.product_id AS id, p.quantity
        FROM ${inventory}.product_details p
       WHERE p.product_id BETWEEN :first AND :last AND p.quantity < 0`,
  },
  {
    name: 'stock-is-what-was-set',
    promise: 'the stock on hand of a product is the sum of its recorded changes minus its committed reservations',
    reads: ['inventory'],
    // Each page reads every committed reservation, so the pages are large.
    walks: { schema: 'inventory', table: 'product_details', key: 'product_id', pageKeys: 50_000 },
    broken: ({ inventory }) => `
      SELECT p.product_id AS id, p.quantity, COALESCE(changed.quantity, 0) AS changed, COALESCE(committed.quantity, 0) AS committed
        FROM ${inventory}.product_details p
        LEFT JOIN (SELECT c.product_id, SUM(c.quantity_to - c.quantity_from) AS quantity
                     FROM ${inventory}.stock_change c
                    WHERE c.product_id BETWEEN :first AND :last
                    GROUP BY c.product_id) changed ON changed.product_id = p.product_id
        LEFT JOIN (SELECT x.product_id, SUM(x.quantity) AS quantity
                     FROM ${inventory}.reservation_outcome o
                     JOIN ${inventory}.reservation r ON r.reserve_id = o.reserve_id
                     JOIN JSON_TABLE(r.items, '$[*]' COLUMNS (
                            product_id VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$[0]',
                            quantity BIGINT PATH '$[1]')) x
                    WHERE o.outcome = 'committed'
                    GROUP BY x.product_id) committed ON committed.product_id = p.product_id
       WHERE p.product_id BETWEEN :first AND :last
         AND p.quantity <> COALESCE(changed.quantity, 0) - COALESCE(committed.quantity, 0)`,
  },
  {
    name: 'reserved-is-on-hand',
    promise: 'the reserved quantity of a product is on hand',
    reads: ['inventory'],
    walks: { schema: 'inventory', table: 'product_details', key: 'product_id' },
    broken: ({ inventory }) => `
      SELECT p.product_id AS id, p.quantity, SUM(r.quantity) AS reserved
        FROM ${inventory}.product_details p
        JOIN ${inventory}.reserve_purchase r ON r.product_id = p.product_id AND r.expires_at > NOW(3)
       WHERE p.product_id BETWEEN :first AND :last
       GROUP BY p.product_id, p.quantity
      HAVING SUM(r.quantity) > p.quantity`,
  },
  {
    name: 'ended-reservation-holds-nothing',
    promise: 'a reservation that has ended is recorded and holds no stock',
    reads: ['inventory'],
    walks: { schema: 'inventory', table: 'reservation_outcome', key: 'reserve_id' },
    broken: ({ inventory }) => `
      SELECT e.reserve_id AS id, e.outcome, k.reserve_id IS NOT NULL AS is_recorded, COUNT(r.product_id) AS lines_held
        FROM ${inventory}.reservation_outcome e
        LEFT JOIN ${inventory}.reservation k ON k.reserve_id = e.reserve_id
        LEFT JOIN ${inventory}.reserve_purchase r ON r.reserve_id = e.reserve_id
       WHERE e.reserve_id BETWEEN :first AND :last
       GROUP BY e.reserve_id, e.outcome, k.reserve_id
      HAVING lines_held > 0 OR is_recorded = 0`,
  },
];
