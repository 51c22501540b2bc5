import type { Check } from '../check';

const walks = { schema: 'wallet', table: 'transaction', key: 'id' } as const;

/** Promises about every transaction: its postings, its event and its payment. */
export const transactionChecks: Check[] = [
  {
    name: 'postings-sum-to-zero',
    promise: 'the postings of a transaction sum to zero in each currency',
    reads: ['wallet'],
    walks,
    broken: ({ wallet }) => `
      SELECT p.transaction_id AS id, p.currency, SUM(p.amount) AS sum
        FROM ${wallet}.posting p
       WHERE p.transaction_id BETWEEN :first AND :last
       GROUP BY p.transaction_id, p.currency
      HAVING SUM(p.amount) <> 0`,
  },
  {
    name: 'transaction-moved-as-it-says',
    promise: 'a completed transaction has at least two postings; a failed one has none',
    reads: ['wallet'],
    walks,
    broken: ({ wallet }) => `
      SELECT t.id, t.status, COUNT(p.id) AS postings
        FROM ${wallet}.transaction t
        LEFT JOIN ${wallet}.posting p ON p.transaction_id = t.id
       WHERE t.id BETWEEN :first AND :last
       GROUP BY t.id, t.status
      HAVING IF(t.status = 'completed', COUNT(p.id) < 2, COUNT(p.id) > 0)`,
  },
  {
    name: 'one-event-a-transaction',
    promise: 'a transaction has exactly one event, whose type matches its status',
    reads: ['wallet'],
    walks,
    broken: ({ wallet }) => `
      SELECT t.id, t.status, COUNT(e.id) AS events, MIN(e.type) AS event_type
        FROM ${wallet}.transaction t
        LEFT JOIN ${wallet}.event e ON e.transaction_id = t.id
       WHERE t.id BETWEEN :first AND :last
       GROUP BY t.id, t.status
      HAVING COUNT(e.id) <> 1 OR MIN(e.type) <> CONCAT('transactions.', t.status)`,
  },
  {
    name: 'one-payment-a-charge',
    promise: 'every charge and every refund belongs to exactly one payment',
    reads: ['wallet'],
    walks,
    broken: ({ wallet }) => `
      SELECT id, type, payments
        FROM (SELECT t.id, t.type,
                     IF(t.type = 'charge',
                       (SELECT COUNT(*) FROM ${wallet}.payment y WHERE y.charge_id = t.id),
                       (SELECT COUNT(*) FROM ${wallet}.payment y WHERE y.refund_id = t.id)) AS payments
                FROM ${wallet}.transaction t
               WHERE t.id BETWEEN :first AND :last AND t.type IN ('charge', 'refund')) counted
       WHERE payments <> 1`,
  },
];
